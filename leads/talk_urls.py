"""Addresses of what people of both tracks tell each other: advice, what stops talks, how deals were won, what they dispute."""

from django.urls import path

from leads.views import cases, counsel, obstacles, stories

urlpatterns = [
    path("disputes/of/", cases.case_list, name="cases"),
    path("disputes/of/<int:pk>/", cases.case, name="case"),
    path("disputes/of/<int:pk>/answer/", cases.case_answer, name="case-answer"),
    path("disputes/of/<int:pk>/rule/", cases.case_rule, name="case-rule"),
    path("disputes/<slug:kind>/<int:pk>/", cases.cases_of, name="cases-of"),
    path("disputes/<slug:kind>/<int:pk>/<slug:what>/", cases.case_open, name="case-open"),
    path("stories/", stories.story_list, name="win-stories"),
    path("stories/<int:pk>/", stories.story, name="win-story"),
    path("stories/<int:pk>/tell/", stories.story_tell, name="story-tell"),
    path("stories/<int:pk>/decline/", stories.story_decline, name="story-decline"),
    path("stories/<int:pk>/helps/", stories.story_helps, name="story-helps"),
    path("deals/<int:pk>/ask-story/", stories.story_ask, name="story-ask"),
    path("obstacles/", obstacles.obstacle_list, name="obstacle-list"),
    path("obstacles/<int:pk>/", obstacles.obstacle, name="obstacle"),
    path("obstacles/<int:pk>/answer/", obstacles.obstacle_answer, name="obstacle-answer"),
    path("obstacles/<int:pk>/speak/", obstacles.obstacle_speak, name="obstacle-speak"),
    path("obstacles/<int:pk>/helps/", obstacles.obstacle_helps, name="obstacle-helps"),
    path("obstacles/<slug:kind>/<int:pk>/", obstacles.obstacles_of, name="obstacles-of"),
    path("obstacles/<slug:kind>/<int:pk>/log/", obstacles.obstacle_log, name="obstacle-log"),
    path("counsel/", counsel.counsel_list, name="counsel-list"),
    path("counsel/<int:pk>/", counsel.one_counsel, name="counsel"),
    path("counsel/<int:pk>/give/", counsel.counsel_give, name="counsel-give"),
    path("counsel/<int:pk>/reply/", counsel.counsel_reply, name="counsel-reply"),
    path("counsel/<slug:kind>/<int:pk>/", counsel.counsel_of, name="counsel-of"),
    path("counsel/<slug:kind>/<int:pk>/ask/", counsel.counsel_ask, name="counsel-ask"),
    path("counsel/<slug:kind>/<int:pk>/offer/", counsel.counsel_offer, name="counsel-offer"),
]
