"""Countries by their ISO 3166-1 alpha-2 codes, and where the law of the EEA counts as followed."""

from typing import Final

# All 249 codes that ISO 3166-1 assigns; the United Kingdom is GB.
COUNTRIES: Final[frozenset[str]] = frozenset(  # one quoted code a line would be 249 lines
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM
    DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
    GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
    VN VU WF WS YE YT ZA ZM ZW
    """.split()
)

# The 27 states of the European Union, Iceland, Liechtenstein and Norway. Overseas parts of a
# state that have a code of their own (RE, GP, AX ...) are written with the state's code.
EEA: Final[frozenset[str]] = frozenset(
    """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK
    """.split()
)

# Countries and territories for which the European Commission has decided under GDPR Art. 45(3),
# without naming a part of the economy. Sources: the Commission's page "Adequacy decisions" (all
# but BR); Implementing Decision (EU) 2026/179 of 26 January 2026 (BR); the United Kingdom's
# decision was renewed on 19 December 2025 and ends on 27 December 2031. As known in November
# 2026; the European Patent Organisation also has a decision, but is no country.
ADEQUATE: Final[frozenset[str]] = frozenset(
    """
    AD AR BR CH FO GB GG IL IM JE JP KR NZ UY
    """.split()
)

# Countries whose decision covers only some recipients, and which: the policy has to say that
# this recipient is one of them.
PARTLY_ADEQUATE: Final[dict[str, str]] = {
    "CA": "commercial organisations under Canada's federal privacy law (PIPEDA)",
    "US": "organisations on the list of the EU-US Data Privacy Framework",
}
