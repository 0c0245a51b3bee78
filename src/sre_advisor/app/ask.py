"""Asking on the terminal."""

async def ask_on_terminal(text: str, config: Path | None, recording: str | None, *, as_json: bool) -> int:
    """Answer one question on standard output; 0 when it was answered."""
    question = _terminal_question(admit(text))
    settings = load_settings(config)
    world = await asyncio.to_thread(load_world, _recording_folder(recording)) if recording else None
    if world is None and not settings.has_backends:
        raise SettingsError(
            "nothing to read is configured: run `sre-advisor init`, name a file by --config, or ask the bundled "
            "incident by --recording demo"
        )
    async with assembled(settings, Credentials(), world) as parts:
        voice = _Silent() if as_json else TerminalVoice(Console(highlight=False))
        if world is not None:
            question = replace(question, asked_at=world.now)
        asked = QuestionAsked(investigation=question.investigation, question=question.id, asked=question)
        await parts.journal.append(asked)
        answer = await parts.investigator.answer(question, voice)
    if as_json:
        sys.stdout.write(json.dumps(answer.as_json(), ensure_ascii=False, indent=2) + "\n")
    return 0


class _Silent:
    """A voice for callers who want the whole answer at the end."""

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Say nothing yet."""

    async def answer(self, answer: Answer) -> None:
        """Say nothing: the caller has it."""


def _recording_folder(recording: str) -> Path:
    if recording == "demo":
        from sre_advisor.demo.incident import WORLD

        return WORLD
    return Path(recording)


def _terminal_question(text: str) -> Question:
    name = f"terminal-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
    return Question(id=name, investigation=name, text=text, asked_at=_now())


