"""What leaves the accountability service: figures, challenges, achievements, pledges."""

from dataclasses import dataclass, field

from studymaster.features.points.schemas import LeaderboardRow


@dataclass(frozen=True, slots=True)
class Figures:
    """The student's points and streak, written out, with what today still asks for.

    `state` is active, covered, losing (an idle day would cost points) or empty.
    """

    points: str = "0"
    streak: int = 0
    freezes: int = 0
    state: str = "empty"
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the streak calendar: its state and its words, `number` of the month.

    `month` is its name where one begins: on the first day shown, and on each first.
    """

    state: str
    words: str
    number: int
    month: str


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """One of the week's challenges; `progress` counts from Monday, up to `goal`.

    `words` says both; `met` is true once the goal is reached, taken on or not.
    """

    code: str
    title: str
    how: str
    points: int
    progress: int
    goal: int
    words: str
    joined: bool
    met: bool
    done: bool


@dataclass(frozen=True, slots=True)
class AchievementView:
    """Something to reach for good; `words` say how far, `reached_on` is empty until it is."""

    code: str
    title: str
    how: str
    icon: str
    progress: int
    goal: int
    words: str
    reached_on: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that is counted for one student."""

    figures: Figures = Figures()
    calendar: list[CalendarDay] = field(default_factory=list[CalendarDay])
    challenges: list[ChallengeView] = field(default_factory=list[ChallengeView])
    achievements: list[AchievementView] = field(default_factory=list[AchievementView])


@dataclass(frozen=True, slots=True)
class Board:
    """The week's leaderboard; `below` holds the student's own place when `rows` do not."""

    week: str
    rows: list[LeaderboardRow]
    below: list[LeaderboardRow]


@dataclass(frozen=True, slots=True)
class EntryView:
    """Neighbours in the ledger that say the same, as one line; `heading` opens a new day.

    `amount` has its sign; `detail` names the course or the deck, and how many they are:
    `BIO 110 · 3 times`.
    """

    id: str
    amount: str
    gain: bool
    sentence: str
    detail: str
    heading: str


@dataclass(frozen=True, slots=True)
class BuddyChoice:
    """Somebody a pledge can be made to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PledgeBounds:
    """Between what the amount of a kind of pledge lies; `words` say it."""

    least: int
    most: int
    words: str


@dataclass(frozen=True, slots=True)
class PledgeView:
    """A promise; `name` is who gave it, or on the maker's own page who it was given to.

    `counted` says progress and goal, `when` how long it still has or how it ended; `seen`
    is false once the two are no buddies any more.
    """

    id: str
    name: str
    words: str
    progress: int
    goal: int
    counted: str
    state: str
    when: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Pledges:
    """A student's own promises, those of their buddies, and who can be promised to."""

    own: list[PledgeView]
    theirs: list[PledgeView]
    buddies: list[BuddyChoice]
