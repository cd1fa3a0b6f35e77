"""The SQL of the migrations and of the engine on the oldest PostgreSQL that is promised."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
# Tests that between them send each statement of our own that is more than a plain one, and each word, function and
# operator that Django's have, of the rooms that speak SQL of their own: COPY, claims, triggers, locks, sets. What else
# stands in these files sends the same statements again. Who writes a statement of a new kind adds a test that sends it.
SENDING = {
    "tests/engine/test_copying.py": (
        "test_what_is_copied_in_is_what_is_there",
        "test_copy_out_writes_csv_with_bound_parameters",
        "test_chunk_lifts_the_time_limit_only_for_itself",
    ),
    "tests/engine/test_idempotency.py": ("test_key_belongs_to_one_actor_and_one_address",),
    "tests/engine/test_journals.py": ("test_erasing_is_allowed_and_ends_with_its_transaction",),
    "tests/engine/test_outbox.py": (
        "test_unknown_kind_is_a_failure_like_any_other",
        "test_finding_due_work_uses_the_partial_index",
    ),
    "tests/engine/test_roles.py": ("test_only_journals_cannot_be_changed",),
    "tests/leads/test_funnel.py": (
        "test_every_move_of_the_table_passes_its_gate",
        "test_a_pass_ends_and_may_begin_again",
        "test_what_belongs_to_a_stage_is_emptied_behind_it",
        "test_new_leads_begin_with_the_same_journal_as_history_replayed",
    ),
    "tests/leads/test_scoring.py": (
        "TestForwardDecay::test_a_new_epoch_changes_no_engagement",
        "TestForwardDecay::test_heat_is_what_the_naive_sum_says",
        "TestRules::test_fit_is_what_the_rules_say_one_by_one",
        "TestEveryField::test_is_read",
        "test_a_rule_that_cannot_be_read_says_why_and_stops_nobody",
        "test_the_desks_grade_stands_before_the_proposed_one",
        "test_the_list_of_grades_costs_no_statement_of_its_own",
        "TestDue::test_rescoring_everything_reports_its_progress",
        "TestDue::test_an_epoch_far_away_is_moved_before_scoring",
        "test_points_beyond_all_reason_end_where_a_number_ends",
    ),
    "tests/leads/test_assignment.py": (
        "test_an_offer_of_a_sunday_says_elsewhere_of_who_is_out_of_reach",
        "test_what_another_rule_dealt_meanwhile_is_no_backlog",
        "test_rules_that_overlap_each_give_everybody_the_fair_share",
        "test_rules_are_asked_in_order_and_the_first_that_matches_decides",
        "test_each_sentence_why_has_a_code_of_its_own",
        "test_no_customer_waits_for_farmers_who_are_all_away",
        "test_what_ran_out_with_its_only_rep_goes_to_the_team_lead_at_once",
        "test_shares_are_those_of_a_naive_stride_scheduler",
    ),
    "tests/leads/test_pool.py": (
        "test_grade_a_is_never_put_in",
        "test_what_the_desk_judges_grade_a_since_leaves_the_pool",
        "test_grade_a_out_of_the_pool_waits_for_nobody_who_has_had_it",
        "test_a_lead_is_claimed_once",
    ),
    "tests/leads/test_promises.py": ("test_no_number_is_not_a_number",),
    "tests/leads/test_searching.py": (
        "test_one_search_finds_every_kind",
        "test_the_indexes_serve_what_search_asks",
        "test_the_database_folds_names_as_we_do",
        "test_a_page_of_a_higher_level_is_not_offered",
        "test_the_api_gives_what_the_page_gives",
    ),
    "tests/leads/merging/test_merge.py": (
        "test_two_reps_with_one_person_become_one_and_two_again",
        "test_what_a_pass_waited_for_is_given_back",
        "test_a_merged_person_is_known_again",
        "test_what_was_chosen_is_kept_and_restored_unless_somebody_changed_it",
    ),
    "tests/leads/importing/test_leads.py": (
        "test_history_keeps_the_machine_still",
        "test_what_a_row_tells_of_a_known_company_fills_it_or_is_told",
        "test_updates_by_external_id",
    ),
    "tests/leads/importing/test_deals.py": (
        "test_a_live_lead_that_nobody_holds_goes_to_whoever_has_the_deal",
        "test_touches_of_known_people",
    ),
    "tests/leads/importing/test_plain_kinds.py": (
        "test_campaigns_again_change_nothing_and_a_new_cost_corrects",
        "test_companies_are_known_by_name_without_legal_form",
        "test_products_and_their_cost",
        "test_a_refusal_that_nobody_foresaw_costs_its_row_only",
    ),
    "tests/reports/test_cohorts.py": ("test_conversion_by_rep_and_grade_and_where_leads_wait",),
    "tests/reports/test_marks.py": (
        "test_touches_and_merges_mark_contacts",
        "test_neighbours_become_one_mark",
    ),
    "tests/reports/test_returns.py": (
        "test_a_programme_without_money_of_its_own_stands_above_its_campaigns_with_all_they_ever_cost",
        "test_what_a_platform_reports_goes_by_the_rate_of_its_day_even_where_nothing_was_spent",
        "test_a_campaign_that_is_gone_leaves_nothing_behind",
    ),
    "tests/reports/test_verify.py": (
        "test_a_counter_that_is_not_the_recount_is_named",
        "test_rollups_go_on_while_a_snapshot_without_marks_is_looked_at",
    ),
}


@pytest.mark.pg15
@pytest.mark.skipif(not PROGRAMS.is_dir(), reason="needs PostgreSQL 15: apt install postgresql-15")
def test_the_engine_runs_on_postgresql_15():
    outer = ("DATABASE", "REDIS", "TANDEM", "PYTEST", "DJANGO_SETTINGS")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(outer)}
    inner = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *(f"{path}::{name}" for path, names in SENDING.items() for name in names),
        ],
        cwd=settings.BASE_DIR,
        env={**clean, "TANDEM_TEST_PG": str(PROGRAMS)},
        capture_output=True,
        text=True,
    )
    assert inner.returncode == 0, inner.stdout[-4000:]
