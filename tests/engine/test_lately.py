"""What a process remembers for a few seconds."""

from engine import lately


def test_it_is_read_again_when_it_is_old_or_forgotten(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(lately.time, "monotonic", lambda: now[0])
    answers = iter("abcde")
    memory = lately.Lately(lambda: next(answers), lifetime=5)
    seen = [memory()]
    now[0] += 5
    seen.append(memory())
    now[0] += 0.1
    seen.append(memory())
    memory.forget()
    seen.append(memory())
    lately.forget_all()
    seen.append(memory())
    assert seen == ["a", "a", "b", "c", "d"]


def test_nothing_found_is_remembered_too():
    asked = []
    memory = lately.Lately(lambda: asked.append(1))
    assert memory() is None
    assert memory() is None
    assert asked == [1]
