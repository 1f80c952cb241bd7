"""The words of notices in each language: whole, and found in sentences as people write them."""

# ruff: noqa: E501 -- a sentence is a line

from pathlib import Path

import pytest
import re2

from auditor.knowledge.notices import LANGUAGES, finder, fold, words
from auditor.knowledge.notices.finding import expanded
from auditor.knowledge.notices.lint import faults

CASES = Path(__file__).parents[1] / "collect" / "notices" / "cases"

# fmt: off
# Sentences that say something, with the group and key that it is found by.
FOUND = {
    "fr": [
        ("Nous effaçons votre compte trois ans après votre dernière connexion.", "anchor", "last_login"),
        ("Passé ce délai, tout est détruit par notre archiviste.", "verb", "keeps"),
        ("Votre dossier reste chez nous tant que vous êtes bénévole.", "retention", "as_needed"),
        ("Le code de commerce nous impose de garder les factures ; ces obligations comptables durent dix ans.", "retention", "by_law"),
        ("Nous gardons votre adresse jusqu'à votre désinscription.", "retention", "until_event"),
        ("Un an après votre dernier don, nous ne vous écrivons plus.", "anchor", "transaction"),
        ("Six mois après la fin du contrat de prestation, le dossier est détruit.", "anchor", "contract_end"),
        ("Nous vous répondrons sous trente jours.", "verb", "not_retention"),
        ("Il faut avoir au moins seize ans pour s'inscrire.", "verb", "not_retention"),
        ("Vous pouvez nous demander ce que nous savons de vous et recevoir une copie de ces données.", "right", "access"),
        ("Une erreur dans votre adresse ? Demandez-nous de la corriger.", "right", "rectification"),
        ("Tu peux nous demander de tout supprimer.", "right", "erasure"),
        ("Si vous le souhaitez, récupérez vos données dans un format lisible par une machine.", "right", "portability"),
        ("Vous avez le droit de vous opposer à l'usage de vos données à des fins de prospection.", "right_named", "objection"),
        ("Chaque message contient un lien de désinscription.", "right_named", "marketing_opt_out"),
        ("Vous êtes libre de revenir à tout moment sur votre consentement.", "right", "withdraw_consent"),
        ("Si notre réponse ne vous convient pas, vous pouvez déposer plainte auprès de la CNIL.", "right_named", "complaint"),
        ("Cet envoi est nécessaire à l'exécution du contrat qui nous lie.", "legal_basis", "contract"),
        ("Ce traitement est fondé sur l'article 6, paragraphe 1, point f) du RGPD.", "legal_basis", "legitimate_interests"),
        ("La Commission européenne a rendu une décision d'adéquation.", "mechanism", "adequacy_decision"),
        ("Vos données restent hébergées en France.", "mechanism", "none_eea"),
        ("La lettre d'information n'est envoyée qu'à celles et ceux qui s'y sont inscrits, avec leur accord.", "opt_in", "marketing.communications"),
        ("La mesure d'audience ne démarre que si vous l'acceptez.", "opt_in", "analytics"),
        ("Ce site ne dépose aucun cookie.", "claim", "no_cookies"),
        ("Seuls des cookies techniques sont déposés : nous n'utilisons que les cookies indispensables.", "claim", "only_necessary_cookies"),
        ("Vos données ne seront ni vendues ni louées.", "claim", "never_sell"),
        ("Nous ne transmettons jamais votre adresse à des tiers.", "claim", "no_sharing"),
        ("Nous ne réalisons aucun profilage.", "claim", "no_profiling"),
        ("Nous notons votre numéro de téléphone et votre civilité.", "category", "user.contact.phone_number"),
        ("Nous établissons votre reçu fiscal.", "purpose", "finance"),
        ("Écris-nous si tu veux voir ce qu'on sait de toi.", "right", "access"),
        ("Les données de santé ne sont jamais recueillies.", "claim", "no_special_categories"),
    ],
    "de": [
        ("Wir löschen dein Konto drei Jahre, nachdem du dich zuletzt angemeldet hast.", "anchor", "last_login"),
        ("Deine Akte bewahren wir sicher auf, danach wird sie vernichtet.", "verb", "keeps"),
        ("Wir behalten Ihre Angaben, solange Sie Mitglied bei uns sind.", "retention", "as_needed"),
        ("Belege müssen wir wegen handelsrechtlicher Aufbewahrungspflichten zehn Jahre vorhalten.", "retention", "by_law"),
        ("Ihre Adresse bleibt im Verteiler, bis Sie Ihre Einwilligung widerrufen.", "retention", "until_event"),
        ("Ein Jahr nach Ihrer letzten Spende schreiben wir Ihnen nicht mehr.", "anchor", "transaction"),
        ("Sechs Monate nach Ende des Arbeitsverhältnisses ist alles weg.", "anchor", "contract_end"),
        ("Zehn Jahre ab dem Ende des Kalenderjahres, in dem sie ausgestellt wurde.", "anchor", "fiscal_year_end"),
        ("Wir melden uns bei Ihnen innerhalb eines Monats.", "verb", "not_retention"),
        ("Wer mitmachen will, muss mindestens sechzehn Jahre alt sein.", "verb", "not_retention"),
        ("Du kannst uns fragen, was wir über dich wissen, und Auskunft bekommen.", "right", "access"),
        ("Falsche Angaben stellen wir auf Wunsch richtig.", "right", "rectification"),
        ("Schreib uns, dann wird dein Profil gelöscht.", "right", "erasure"),
        ("Sie erhalten Ihre Daten in einem maschinenlesbaren Format.", "right", "portability"),
        ("Sie können der Verarbeitung Ihrer Daten jederzeit widersprechen.", "right_named", "objection"),
        ("Am Ende jeder Ausgabe steht ein Abmeldelink.", "right_named", "marketing_opt_out"),
        ("Deine Einwilligung kannst du jederzeit mit Wirkung für die Zukunft widerrufen.", "right_named", "withdraw_consent"),
        ("Sie haben außerdem das Recht, sich bei einer Datenschutz-Aufsichtsbehörde zu beschweren.", "right_named", "complaint"),
        ("Rechtsgrundlage ist Art. 6 Abs. 1 Satz 1 lit. b DSGVO.", "legal_basis", "contract"),
        ("Wir stützen uns auf Art. 6 Abs. 1 lit. f) DSGVO.", "legal_basis", "legitimate_interests"),
        ("Für die Schweiz hat die Kommission einen Angemessenheitsbeschluss gefasst.", "mechanism", "adequacy_decision"),
        ("Die Server stehen ausschließlich in der Europäischen Union.", "mechanism", "none_eea"),
        ("Den Newsletter schicken wir nur, wenn Sie sich dafür angemeldet haben.", "opt_in", "marketing.communications"),
        ("Die Webanalyse startet erst, nachdem Sie zugestimmt haben.", "opt_in", "analytics"),
        ("Diese Seite kommt ganz ohne Cookies aus.", "claim", "no_cookies"),
        ("Wir verwenden ausschließlich technisch notwendige Cookies.", "claim", "only_necessary_cookies"),
        ("Ihre Daten werden niemals verkauft.", "claim", "never_sell"),
        ("Eine Weitergabe Ihrer Daten an Dritte findet nicht statt.", "claim", "no_sharing"),
        ("Wir fragen nach Ihrer Telefonnummer und Ihrem Geburtsdatum.", "category", "user.contact.phone_number"),
        ("Damit stellen wir Ihnen Spendenquittungen aus.", "purpose", "finance"),
        ("Im Formular fragen wir nach Name, Anschrift und Telefonnummer.", "verb", "collects"),
    ],
    "es": [
        ("Borramos tu cuenta tres años después de tu último inicio de sesión.", "anchor", "last_login"),
        ("Pasado ese tiempo, los papeles se destruyen.", "verb", "keeps"),
        ("Mantendremos su ficha mientras siga siendo socia.", "retention", "as_needed"),
        ("Las facturas se guardan diez años porque así lo exige la ley.", "legal_basis", "legal_obligation"),
        ("Guardamos su dirección hasta que nos pida la baja.", "retention", "until_event"),
        ("Un año después de su última donación dejamos de escribirle.", "anchor", "transaction"),
        ("Seis meses desde la finalización del contrato.", "anchor", "contract_end"),
        ("Te contestaremos en el plazo de un mes.", "verb", "not_retention"),
        ("Para participar hay que haber cumplido catorce años.", "verb", "not_retention"),
        ("Puedes pedirnos una copia y consultar tus datos cuando quieras: el acceso es gratuito.", "right", "access"),
        ("¿Hay algún error en su ficha? Pídanos que lo corrijamos.", "right", "rectification"),
        ("Puedes solicitar que borremos todo lo que tenemos sobre ti.", "right", "erasure"),
        ("Le entregaremos sus datos en un formato estructurado y de lectura mecánica.", "right", "portability"),
        ("Tiene derecho a oponerse al uso de sus datos con fines promocionales.", "right_named", "objection"),
        ("Al pie de cada envío hay un enlace de baja.", "right_named", "marketing_opt_out"),
        ("Usted podrá retirar en cualquier momento su consentimiento.", "right_named", "withdraw_consent"),
        ("Si no quedas conforme, puedes presentar una reclamación ante la Agencia Española de Protección de Datos.", "right_named", "complaint"),
        ("El tratamiento es necesario para la ejecución del contrato.", "legal_basis", "contract"),
        ("La base jurídica es el artículo 6.1.f) del RGPD.", "legal_basis", "legitimate_interests"),
        ("El proveedor ha firmado las cláusulas contractuales tipo aprobadas por la Comisión.", "mechanism", "sccs"),
        ("Los datos están alojados exclusivamente en servidores dentro de la Unión Europea.", "mechanism", "none_eea"),
        ("Solo te enviaremos el boletín si te has suscrito antes; el boletín se envía únicamente con tu permiso.", "opt_in", "marketing.communications"),
        ("Las estadísticas de visitas se activan solo si usted las acepta.", "opt_in", "analytics"),
        ("Esta web no instala cookies.", "claim", "no_cookies"),
        ("Empleamos únicamente aquellas cookies que son técnicamente necesarias.", "claim", "only_necessary_cookies"),
        ("Jamás venderemos tus datos.", "claim", "never_sell"),
        ("Sus datos no se cederán a terceros.", "claim", "no_sharing"),
        ("No elaboramos perfiles de nuestros visitantes.", "claim", "no_profiling"),
        ("Te pedimos tu número de móvil y tu fecha de nacimiento.", "category", "user.contact.phone_number"),
        ("Con ellos emitimos el certificado de donación.", "purpose", "finance"),
        ("Después quedan bloqueados durante los plazos legales de prescripción.", "retention", "by_law"),
    ],
    "pt": [
        ("Apagamos a sua conta três anos depois do seu último acesso.", "anchor", "last_used"),
        ("Findo esse prazo, os documentos são destruídos.", "verb", "keeps"),
        ("Mantemos a tua ficha enquanto fores sócio e for necessário.", "retention", "as_needed"),
        ("As faturas são guardadas dez anos porque a lei assim o exige.", "legal_basis", "legal_obligation"),
        ("O seu e-mail fica na lista até que solicite o cancelamento.", "retention", "until_event"),
        ("Um ano após a sua última doação deixamos de lhe escrever.", "anchor", "transaction"),
        ("Seis meses contados do término do contrato.", "anchor", "contract_end"),
        ("Responderemos no prazo de 15 dias.", "verb", "not_retention"),
        ("É preciso ter pelo menos dezoito anos.", "verb", "not_retention"),
        ("Você pode pedir acesso ao que sabemos sobre você.", "right", "access"),
        ("Encontrou um erro? Peça-nos que o corrija.", "right", "rectification"),
        ("Podes pedir que apaguemos tudo.", "right", "erasure"),
        ("Entregamos os seus dados num formato estruturado, de leitura automática.", "right", "portability"),
        ("O titular tem o direito de se opor ao tratamento dos seus dados.", "right_named", "objection"),
        ("No fim de cada mensagem há um link para cancelar a inscrição.", "right_named", "marketing_opt_out"),
        ("A qualquer momento você pode revogar o seu consentimento.", "right_named", "withdraw_consent"),
        ("Se não ficar satisfeito, pode apresentar uma reclamação junto da CNPD.", "right_named", "complaint"),
        ("O tratamento é necessário à execução do contrato celebrado consigo.", "legal_basis", "contract"),
        ("O fundamento é o artigo 6.º, n.º 1, alínea f), do RGPD.", "legal_basis", "legitimate_interests"),
        ("A transferência assenta em cláusulas contratuais-tipo.", "mechanism", "sccs"),
        ("Os servidores ficam na Irlanda: tudo é armazenado exclusivamente na União Europeia.", "mechanism", "none_eea"),
        ("A newsletter só segue para quem a subscreveu.", "opt_in", "marketing.communications"),
        ("As estatísticas de acesso só são ativadas se você consentir.", "opt_in", "analytics"),
        ("Este site não utiliza cookies.", "claim", "no_cookies"),
        ("Usamos apenas os cookies estritamente necessários.", "claim", "only_necessary_cookies"),
        ("Nunca vendemos nem alugamos os seus dados.", "claim", "never_sell"),
        ("Não compartilhamos suas informações com terceiros.", "claim", "no_sharing"),
        ("Não tomamos decisões automatizadas.", "claim", "no_profiling"),
        ("Pedimos o seu telemóvel e a sua data de nascimento.", "category", "user.contact.phone_number"),
        ("Servem para emitir o recibo de donativo.", "purpose", "finance"),
        ("Coletamos seu CPF, endereço e celular.", "category", "user.contact.address"),
    ],
}

# Sentences that sound alike, with what must not be read in them.
NOT_FOUND = {
    "fr": [
        ("Nous vendons du pain et des gâteaux au marché.", "claim", "never_sell"),
        ("Nous ne vendons pas de pain le lundi.", "claim", "never_sell"),
        ("Nous utilisons des cookies.", "claim", "no_cookies"),
        ("Les cookies nécessaires sont déposés d'emblée.", "claim", "only_necessary_cookies"),
        ("Nous partageons nos locaux avec une autre association.", "claim", "no_sharing"),
        ("Les fichiers sont supprimés au bout de trois mois.", "verb", "not_retention"),
        ("Nos prestataires sont situés hors de l'Union européenne.", "claim", "no_transfer"),
        ("Vous avez le droit de ne pas faire l'objet d'une décision automatisée.", "claim", "no_profiling"),
        ("Le conseil se réunit chaque mois à droite de la mairie.", "right_context", "any"),
        ("Les enfants sont les bienvenus à la fête.", "claim", "no_children"),
        ("Les informations sont conservées trois ans au plus.", "verb", "not_retention"),
        ("Des prestataires traitent ces fichiers en notre nom.", "category", "user.name"),
        ("Notre société recueille ces éléments, en fonction de vos choix.", "category", "user.contact.organization"),
        ("Le délai de réponse est d'un mois.", "verb", "keeps"),
        ("Nous affichons de la publicité pour nos partenaires.", "claim", "no_advertising"),
    ],
    "de": [
        ("In unserem Laden verkaufen wir Brot und Kuchen.", "claim", "never_sell"),
        ("Wir verkaufen Brot, aber sonntags nicht.", "claim", "never_sell"),
        ("Wir verwenden Cookies.", "claim", "no_cookies"),
        ("Wenn Sie keine Cookies wünschen, ändern Sie die Einstellungen Ihres Browsers.", "claim", "no_cookies"),
        ("Notwendige Cookies werden sofort gesetzt.", "claim", "only_necessary_cookies"),
        ("Wir teilen uns das Büro mit einem anderen Verein.", "claim", "no_sharing"),
        ("Protokolle löschen wir nach drei Monaten.", "verb", "not_retention"),
        ("Nach Beantwortung Ihrer Anfrage werden die Daten nach sechs Monaten gelöscht.", "verb", "not_retention"),
        ("Sie haben das Recht, nicht einer automatisierten Entscheidung unterworfen zu werden.", "claim", "no_profiling"),
        ("Wenn Sie keine Werbung erhalten möchten, schreiben Sie uns.", "claim", "no_advertising"),
        ("Bis zu 14 Tage später ist alles gelöscht.", "retention", "until_event"),
        ("Kinder sind auf dem Fest willkommen.", "claim", "no_children"),
        ("Andere Firmen verarbeiten Daten in unserem Namen.", "category", "user.name"),
        ("Wenn Sie den Rundbrief bestellen, wird Ihre Adresse gespeichert.", "right_context", "any"),
    ],
    "es": [
        ("Vendemos pan y pasteles en el mercado.", "claim", "never_sell"),
        ("No vendemos pan los domingos.", "claim", "never_sell"),
        ("Utilizamos cookies.", "claim", "no_cookies"),
        ("Las cookies necesarias se instalan siempre.", "claim", "only_necessary_cookies"),
        ("Compartimos local con otra asociación.", "claim", "no_sharing"),
        ("Los registros se borran a los tres meses.", "verb", "not_retention"),
        ("Nuestros proveedores están fuera de la Unión Europea.", "claim", "no_transfer"),
        ("Mostramos anuncios de nuestros patrocinadores.", "claim", "no_advertising"),
        ("Los menores pueden venir a la fiesta.", "claim", "no_children"),
        ("El plazo de respuesta es de un mes.", "verb", "keeps"),
        ("Las copias de seguridad duran dos semanas.", "retention", "indefinite"),
        ("Tiene derecho a no ser objeto de decisiones automatizadas ni de perfiles.", "claim", "no_profiling"),
        ("Las cuentas sin uso durante más de tres años se borran.", "verb", "not_retention"),
        ("Otras empresas tratan datos en nuestro nombre.", "category", "user.name"),
    ],
    "pt": [
        ("Vendemos pão e bolos no mercado.", "claim", "never_sell"),
        ("Não vendemos pão ao domingo.", "claim", "never_sell"),
        ("Utilizamos cookies.", "claim", "no_cookies"),
        ("Os cookies necessários são sempre instalados.", "claim", "only_necessary_cookies"),
        ("Partilhamos a sala com outra associação.", "claim", "no_sharing"),
        ("Os registos são apagados ao fim de três meses.", "verb", "not_retention"),
        ("Os nossos fornecedores ficam fora da União Europeia.", "claim", "no_transfer"),
        ("Exibimos anúncios dos nossos patrocinadores.", "claim", "no_advertising"),
        ("As crianças são bem-vindas à festa.", "claim", "no_children"),
        ("O prazo de resposta é de um mês.", "verb", "keeps"),
        ("As cópias de segurança duram duas semanas.", "retention", "indefinite"),
        ("Tem o direito de não ficar sujeito a decisões automatizadas nem à criação de perfis.", "claim", "no_profiling"),
        ("As contas sem uso há mais de três anos são apagadas.", "verb", "not_retention"),
        ("Outras empresas tratam dados em nosso nome.", "category", "user.name"),
    ],
}
# fmt: on


def listed(table: dict[str, list[tuple[str, str, str]]]) -> list[tuple[str, str, str, str]]:
    """Return a table as cases: language, sentence, group and key."""
    return [(language, *row) for language, rows in table.items() for row in rows]


def keys(language: str, sentence: str) -> set[tuple[str, str]]:
    """Return the groups and keys that are found in a sentence."""
    return {(hit.group, hit.key) for hit in finder(language).find(fold(sentence))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_language_have_no_faults(language: str) -> None:
    """Each file is of the right form, has all keys that English has, and every pattern compiles."""
    english = words("en")
    assert list(faults(words(language), english)) == []
    lacking = {
        f"{group}.{key}"
        for group, phrases in english.phrases.items()
        for key in phrases
        if key not in words(language).phrases[group]
    }
    assert lacking == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_pass_finds_what_each_pattern_finds(language: str) -> None:
    """The set of all patterns loses nothing, also where a text is long: its memory suffices."""
    text = fold((CASES / f"{language}.md").read_text())
    alone = {
        (group, key)
        for group, phrases in words(language).phrases.items()
        for key, patterns in phrases.items()
        if group != "column" and any(re2.search(expanded(one), text) for one in patterns)
    }
    assert keys(language, text) == alone
    assert len(alone) > 50


@pytest.mark.parametrize(("language", "sentence", "group", "key"), listed(FOUND))
def test_what_a_sentence_says_is_found(language: str, sentence: str, group: str, key: str) -> None:
    """What people would read in a sentence is found in it."""
    assert (group, key) in keys(language, sentence)


@pytest.mark.parametrize(("language", "sentence", "group", "key"), listed(NOT_FOUND))
def test_what_a_sentence_does_not_say_is_not_found(
    language: str, sentence: str, group: str, key: str
) -> None:
    """A sentence that only sounds alike says nothing of the kind."""
    assert (group, key) not in keys(language, sentence)
