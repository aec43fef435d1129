"""What the page of a student's own schedule shows: plain figures, each with its words."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FitLine:
    """One try to fit FSRS: when (ISO 8601), and what came of it."""

    id: str
    tried_at: str
    words: str


@dataclass(frozen=True, slots=True)
class SchedulerScore:
    """How well a scheduler foresaw answers; of both figures the smaller is the better one."""

    name: str
    log_loss: str
    rmse: str
    answers: int


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """Answers of which about as many were foreseen to be known.

    All shares are percent; `left` and `bottom` say where the point lies in its square.
    """

    name: str
    scheduler: str
    foreseen: str
    known: str
    count: int
    left: float
    bottom: float


@dataclass(frozen=True, slots=True)
class WorkloadPoint:
    """A share of known cards (percent), its minutes a day, and its height of 100."""

    retention: int
    minutes: int
    percent: int


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """How FSRS is fitted to a student, how it compares with SM-2, and what it costs.

    `easy_days` are `usual`, `fewer` or `none`, Monday first. `missing` says what keeps a fit
    from being asked for, or is empty.
    """

    fit_sentence: str = ""
    missing: str = ""
    is_running: bool = False
    is_own: bool = False
    parameters: list[float] = field(default_factory=list[float])
    fits: list[FitLine] = field(default_factory=list[FitLine])
    comparison_sentence: str = ""
    scores: list[SchedulerScore] = field(default_factory=list[SchedulerScore])
    newest_scores: list[SchedulerScore] = field(default_factory=list[SchedulerScore])
    calibration: list[CalibrationPoint] = field(default_factory=list[CalibrationPoint])
    workload_sentence: str = ""
    workload: list[WorkloadPoint] = field(default_factory=list[WorkloadPoint])
    easy_days: list[str] = field(default_factory=list[str])
