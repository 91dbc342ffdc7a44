"""Headings of their own are matched by the person and remembered."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.people.imports.sending import GOOD, HEADER, confirm, faults_of, latest, page_of, send, sent, staff_file
from training.people.models import User

pytestmark = pytest.mark.django_db


ODD = "Employee no.;Full name;Dept;Job;Since;Shoe size"


def test_headings_of_their_own_are_matched_by_the_person(screen: Client) -> None:
    file = staff_file("20418;李娜;tax;clerk;2024-03-01;37", header=ODD)
    answer = send(screen, file)
    run = latest()
    assert answer.url == reverse("people:import_columns", args=[run.pk])
    form = screen.get(answer.url).context["form"]
    assert form["name"].value() == "Full name"
    assert form["position"].value() == "Job"
    assert form["department"].value() == ""

    chosen = {"staff_number": "Employee no.", "name": "Full name", "department": "Dept", "position": "Job"}
    missing = screen.post(answer.url, chosen)
    assert "Choose the heading that stands for it" in missing.content.decode()
    twice = screen.post(answer.url, chosen | {"starts_on": "Dept"})
    assert "“Dept” stands for “Department” already." in twice.content.decode()

    screen.post(answer.url, chosen | {"starts_on": "Since"})
    page = page_of(screen, run)
    assert page.context["page"].paginator.count == 1
    assert confirm(screen).created == 1


def test_what_was_matched_is_remembered_for_the_same_headings(screen: Client) -> None:
    test_headings_of_their_own_are_matched_by_the_person(screen)
    answer = send(screen, staff_file("20555;王芳;tax;cook;2024-03-01;37", header=ODD))
    assert answer.url == reverse("people:import_run", args=[latest().pk])
    assert faults_of(screen.get(answer.url)) == [(2, "D")]
    assert send(screen, staff_file("1;x", header="Employee no.;Other")).url.endswith("/columns/")


def test_the_columns_can_be_changed_after_the_check(screen: Client) -> None:
    sent(screen, GOOD)
    address = reverse("people:import_columns", args=[latest().pk])
    assert screen.get(address).status_code == 200
    places = {name: name for name in HEADER.split(",") if name != "window"}
    screen.post(address, places)
    confirm(screen)
    assert User.objects.get(staff_number="20418").postings.get().window is None
