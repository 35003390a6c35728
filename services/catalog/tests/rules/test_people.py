from revenge.catalog.rules import people
from revenge.contracts.catalog import Credit, CreditType
from revenge.contracts.library import Person

PEOPLE = (
    Person("Robert De Niro", "actor", "Neil McCauley", order=1),
    Person("Al Pacino", "actor", "Vincent Hanna", order=0),
    Person("Michael Mann", "director"),
    Person("Elliot Goldenthal", "composer"),
)


def test_the_cast_is_in_its_order_with_its_characters() -> None:
    assert people.cast(PEOPLE) == [
        Credit("Al Pacino", CreditType.CAST, character="Vincent Hanna", cast_order=0),
        Credit("Robert De Niro", CreditType.CAST, character="Neil McCauley", cast_order=1),
    ]


def test_everybody_else_is_crew_with_a_job_in_a_department() -> None:
    assert people.crew(PEOPLE) == [
        Credit("Michael Mann", CreditType.CREW, job="Director", department="Directing"),
        Credit("Elliot Goldenthal", CreditType.CREW, job="Composer", department="Crew"),
    ]


def test_a_page_of_credits_knows_how_many_there_are() -> None:
    page = people.page(people.cast(PEOPLE), limit=1, offset=1)

    assert [credit.name for credit in page.items] == ["Robert De Niro"]
    assert (page.total, page.page, page.page_size) == (2, 2, 1)
