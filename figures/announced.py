"""The figures that the ministry announced for UMANG: context for ours, never ours."""

from dataclasses import dataclass

DATE = "26 August 2020"
SOURCE = (
    "Announcement by the Ministry of Electronics and IT, Government of India, of 26 August 2020, "
    "on UMANG's services through Common Service Centres"
)


@dataclass(frozen=True, slots=True)
class Announced:
    """One figure as it was announced, in the announcement's own precision."""

    name: str
    figure: str


SERVICES = Announced("Services", "1,011")
CENTRAL = Announced("Central services", "294")
STATE = Announced("State services", "441")
BILLS = Announced("Bill payments", "276")
DEPARTMENTS = Announced("Departments", "about 140")
LANGUAGES = Announced("Languages", "7 named")
REGISTERED = Announced("Registered users", "2.05 crore")
TRANSACTIONS = Announced("Transactions", "100 crore")
HITS = Announced("Hits", "about 200 crore")
RATING = Announced("Average rating", "about 4 of 5")
RATINGS = Announced("Ratings", "more than 1 lakh")
