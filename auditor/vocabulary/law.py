"""What the law offers to choose from: bases, safeguards, rights, jurisdictions."""

from typing import Final

from auditor.vocabulary.terms import Term, table, term

# Tables: two or three lines a row, which the formatter would make eight.
# fmt: off

# GDPR Art. 6(1). The labels are the spelling that fideslang uses.
LEGAL_BASES: Final[dict[str, Term]] = table(
    term("consent", "Consent", "The person said yes, freely, and can take it back at any time.",
        "permission, opt-in, consentement, Einwilligung, consentimiento",
        dpv="A6-1-a", article="gdpr:6-1-a"),
    term("contract", "Contract", "Needed to do what was agreed with the person.",
        "agreement, contrat, Vertrag, contrato", dpv="A6-1-b", article="gdpr:6-1-b"),
    term("legal_obligation", "Legal obligations", "A law tells us to.",
        "law, obligation légale, gesetzliche Pflicht, obligación legal",
        dpv="A6-1-c", article="gdpr:6-1-c"),
    term("vital_interests", "Vital interests", "Needed to save someone's life or health.",
        "emergency, intérêts vitaux, lebenswichtige Interessen, intereses vitales",
        dpv="A6-1-d", article="gdpr:6-1-d"),
    term("public_interest", "Public interest", "A task that a law gives us for everyone's good.",
        "public task, intérêt public, öffentliches Interesse, interés público",
        dpv="A6-1-e", article="gdpr:6-1-e"),
    term("legitimate_interests", "Legitimate interests",
        "We have a good reason that does not outweigh the person's own interests.",
        "intérêt légitime, berechtigtes Interesse, interés legítimo",
        dpv="A6-1-f", article="gdpr:6-1-f"),
)

# GDPR Art. 9(2).
SPECIAL_CATEGORY_BASES: Final[dict[str, Term]] = table(
    term("explicit_consent", "Explicit consent",
        "The person said yes in so many words to this very use.",
        "consentement explicite, ausdrückliche Einwilligung, consentimiento explícito",
        dpv="A9-2-a", article="gdpr:9-2-a"),
    term("employment_social", "Work and social security",
        "Labour law or the law on social security asks for it.", dpv="A9-2-b",
        article="gdpr:9-2-b"),
    term("vital_interests", "Life or health, and the person cannot consent",
        "Needed to save someone who cannot be asked.", dpv="A9-2-c", article="gdpr:9-2-c"),
    term("nonprofit_activities", "Nonprofit with a cause",
        "A political, philosophical, religious or trade union nonprofit, about its own circle, "
        "with nothing passed outside.", "association, church, party, club",
        dpv="A9-2-d", article="gdpr:9-2-d"),
    term("made_public", "Made public by the person", "The person clearly made it public.",
        dpv="A9-2-e", article="gdpr:9-2-e"),
    term("legal_claims", "Legal claims", "Needed for a dispute at law.", "court, lawsuit",
        dpv="A9-2-f", article="gdpr:9-2-f"),
    term("substantial_public_interest", "Weighty public interest",
        "A law allows it because much depends on it for everyone.",
        dpv="A9-2-g", article="gdpr:9-2-g"),
    term("health_care", "Health or social care", "Needed to treat or care for someone.",
        "treatment, soins, Behandlung", dpv="A9-2-h", article="gdpr:9-2-h"),
    term("public_health", "Public health", "A law asks for it to protect everyone's health.",
        "epidemic, pandemic", dpv="A9-2-i", article="gdpr:9-2-i"),
    term("research", "Archives, research, statistics",
        "Needed for archives, science, history or statistics under a law.",
        "science, recherche, Forschung, investigación", dpv="A9-2-j", article="gdpr:9-2-j"),
)

# GDPR Art. 45 to 49.
TRANSFER_MECHANISMS: Final[dict[str, Term]] = table(
    term("none_eea", "No transfer", "The data stay in the European Economic Area.",
        "eu, eea, no transfer"),
    term("adequacy_decision", "Adequacy decision",
        "The European Commission found the country's protection good enough; for the US only "
        "firms on the Data Privacy Framework list.",
        "dpf, data privacy framework, adéquation, Angemessenheitsbeschluss, adecuación",
        dpv="A45-3", article="gdpr:45-3"),
    term("public_instrument", "Agreement between authorities",
        "A binding agreement between public bodies.", dpv="A46-2-a", article="gdpr:46-2-a"),
    term("bcrs", "Binding corporate rules",
        "Rules that bind a whole group of companies and that an authority approved.",
        "bcr", dpv="A46-2-b", article="gdpr:46-2-b"),
    term("sccs", "Standard contractual clauses",
        "A contract in the European Commission's own words.",
        "scc, standard clauses, model clauses, clauses contractuelles types, "
        "Standardvertragsklauseln, cláusulas tipo", dpv="A46-2-c", article="gdpr:46-2-c"),
    term("sccs_authority", "Standard clauses of an authority",
        "A contract in a data protection authority's own words.",
        dpv="A46-2-d", article="gdpr:46-2-d"),
    term("code_of_conduct", "Code of conduct",
        "An approved code that the recipient promised to follow.",
        dpv="A46-2-e", article="gdpr:46-2-e"),
    term("certification", "Certification", "An approved seal that the recipient holds.",
        dpv="A46-2-f", article="gdpr:46-2-f"),
    term("adhoc_contract", "Contract approved one by one",
        "A contract of one's own that an authority approved.",
        dpv="A46-3-a", article="gdpr:46-3-a"),
    term("administrative_arrangement", "Arrangement between authorities",
        "An arrangement between public bodies that an authority approved.",
        dpv="A46-3-b", article="gdpr:46-3-b"),
    term("derogation_explicit_consent", "Exception: explicit consent",
        "The person was told of the risk and said yes.", dpv="A49-1-a", article="gdpr:49-1-a"),
    term("derogation_contract", "Exception: contract with the person",
        "Needed now and then to do what the person asked for.",
        dpv="A49-1-b", article="gdpr:49-1-b"),
    term("derogation_contract_third_party", "Exception: contract for the person",
        "Needed now and then for a contract in the person's interest.",
        dpv="A49-1-c", article="gdpr:49-1-c"),
    term("derogation_public_interest", "Exception: public interest",
        "Needed for a weighty interest of everyone that a law knows.",
        dpv="A49-1-d", article="gdpr:49-1-d"),
    term("derogation_legal_claims", "Exception: legal claims", "Needed for a dispute at law.",
        dpv="A49-1-e", article="gdpr:49-1-e"),
    term("derogation_vital_interests", "Exception: life or health",
        "Needed to save someone who cannot be asked.", dpv="A49-1-f", article="gdpr:49-1-f"),
    term("derogation_public_register", "Exception: public register",
        "Taken from a register that is open to all.", dpv="A49-1-g", article="gdpr:49-1-g"),
    term("compelling_interests", "Exception: compelling interests",
        "A rare transfer of few people's data, told to the authority and to them.",
        dpv="A49-2", article="gdpr:49"),
)

RIGHTS: Final[dict[str, Term]] = table(
    term("access", "See the data", "Ask what we hold about you and get a copy.",
        "copy, subject access request, accès, Auskunft, acceso", dpv="A15", article="gdpr:15"),
    term("rectification", "Correct the data", "Have wrong data put right.",
        "correction, Berichtigung, rectificación", dpv="A16", article="gdpr:16"),
    term("erasure", "Delete the data", "Have your data deleted.",
        "deletion, right to be forgotten, effacement, Löschung, supresión",
        dpv="A17", article="gdpr:17"),
    term("restriction", "Put on hold", "Have your data kept but not used.",
        "limitation, Einschränkung, limitación", dpv="A18", article="gdpr:18"),
    term("portability", "Take the data along", "Get your data in a form that other services read.",
        "export, portabilité, Übertragbarkeit, portabilidad", dpv="A20", article="gdpr:20"),
    term("objection", "Object", "Say that you do not want a use of your data.",
        "opposition, Widerspruch, oposición", dpv="A21", article="gdpr:21"),
    term("marketing_opt_out", "No more promotion", "Stop promotional messages at any time.",
        "unsubscribe, opt-out, désinscription, Abmeldung, darse de baja",
        dpv="A21", article="gdpr:21-2"),
    term("withdraw_consent", "Take consent back", "Take back a yes as easily as you gave it.",
        "revoke, retrait du consentement, Widerruf, retirar el consentimiento",
        dpv="A7-3", article="gdpr:7-3"),
    term("complaint", "Complain", "Complain to the data protection authority.",
        "supervisory authority, réclamation, plainte, Beschwerde, reclamación",
        dpv="A77", article="gdpr:77"),
)

JURISDICTIONS: Final[dict[str, Term]] = table(
    term("eu-gdpr", "GDPR", "The data protection law of the European Economic Area.",
        "rgpd, dsgvo, europe, general data protection regulation"),
    term("eprivacy", "ePrivacy", "The European rules on cookies and electronic messages.",
        "cookie law, cookies, ttdsg, tdddg"),
    term("us-ca-ccpa", "CCPA",
        "California's privacy law for larger businesses; it rarely binds a nonprofit.",
        "california, cpra, californie, kalifornien"),
)
# fmt: on
