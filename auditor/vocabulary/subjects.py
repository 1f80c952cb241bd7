"""Whose data: the 15 data subjects of fideslang 3.1.4, and five that a nonprofit needs."""

from typing import Final

from auditor.vocabulary.terms import Term, table, term

# A table: two or three lines a row, which the formatter would make eight. The fallback of our
# own subjects is the nearest that fideslang has; an export should say that it stands in.
# fmt: off
SUBJECTS: Final[dict[str, Term]] = table(
    term("anonymous_user", "Anonymous visitor", "Someone who uses a site without saying who.",
        "website visitor, visiteur, Besucher, visitante"),
    term("citizen_voter", "Citizen", "Someone who lives or votes in a place.",
        "voter, resident, citoyen, électeur, Bürger, Wähler, ciudadano"),
    term("commuter", "Commuter", "Someone on the way to and from work.", "pendulaire, Pendler"),
    term("consultant", "Contractor", "Someone who works for us on a contract of their own.",
        "freelancer, self-employed, prestataire, Berater, consultor"),
    term("customer", "Customer", "Someone who buys from us or uses what we offer.",
        "client, user, buyer, Kunde, cliente"),
    term("employee", "Employee", "Someone whom we employ.",
        "staff, worker, team member, salarié, employé, Mitarbeiter, empleado"),
    term("job_applicant", "Job applicant", "Someone who would like to work for us.",
        "candidate, candidat, Bewerber, candidato"),
    term("next_of_kin", "Relative", "Someone close to a person whose data we hold.",
        "family, emergency contact, parent, proche, Angehörige, familiar"),
    term("passenger", "Passenger", "Someone who is being transported.",
        "traveller, rider, passager, Fahrgast, pasajero"),
    term("patient", "Patient", "Someone who gets medical care.", "Patientin, paciente"),
    term("prospect", "Prospect", "Someone whom we would like to win.",
        "lead, potential customer, newsletter subscriber, subscriber, abonné, Interessent"),
    term("shareholder", "Shareholder", "Someone who owns a part of an organisation.",
        "investor, actionnaire, Aktionär, accionista"),
    term("supplier_vendor", "Supplier", "Someone who sells to us, or works for such a firm.",
        "vendor, partner, fournisseur, Lieferant, proveedor"),
    term("trainee", "Trainee", "Someone who learns with us.",
        "intern, apprentice, student, stagiaire, Praktikant, becario"),
    term("visitor", "Visitor", "Someone who comes to our place or event.",
        "guest, participant, attendee, invité, Gast, Teilnehmer, visitante"),
    term("volunteer", "Volunteer", "Someone who helps us without pay.",
        "helper, bénévole, volontaire, Freiwillige, Ehrenamtliche, voluntario",
        dpv="Participant", fallback="employee"),
    term("donor", "Donor", "Someone who gives us money or goods.",
        "giver, supporter, donateur, Spender, donante", fallback="customer"),
    term("beneficiary", "Beneficiary", "Someone whom we help.",
        "client, person in need, aid recipient, bénéficiaire, Begünstigte, Hilfesuchende, "
        "beneficiario", fallback="customer"),
    term("member", "Member", "Someone who belongs to our organisation.",
        "membership, adhérent, membre, Mitglied, socio, miembro",
        dpv="Member", fallback="customer"),
    term("child", "Child", "Someone too young to decide alone.",
        "children, minor, pupil, enfant, mineur, Kind, Minderjährige, niño, menor",
        dpv="Child", article="gdpr:8", fallback="customer"),
)
# fmt: on
