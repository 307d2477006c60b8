"""A small report of a made-up school, with every kind of element, gap, mask and break."""

from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Figur,
    Fordeling,
    Gruppe,
    Kolonne,
    Kort,
    Liste,
    Noekkeltall,
    Ord,
    Ordforklaringer,
    Overskrift,
    Prikk,
    Punkt,
    Rad,
    Rolle,
    Sak,
    Saklinje,
    Saksliste,
    Sammenligning,
    Serie,
    Sone,
    Spoersmaal,
    Spoersmaalsliste,
    Stabel,
    Status,
    Strek,
    Strekmerke,
    Tabell,
    Tidslinje,
)
from tests.visning import eksempel_trakt

NAVN: dict[Rolle, str] = {
    "egen": "Skolen",
    "kommune": "Kommunen uten skolen",
    "fylke": "Fylket",
    "land": "Landet",
}


def prikk(
    rolle: Rolle, verdi: float | None, halv: float = 0.0, n: int | None = None, status: Status = "vist"
) -> Prikk:
    if verdi is None:
        return Prikk(navn=NAVN[rolle], rolle=rolle, status=status)
    return Prikk(navn=NAVN[rolle], rolle=rolle, verdi=verdi, lav=verdi - halv, hoey=verdi + halv, n=n)


def serie(
    rolle: Rolle,
    verdier: dict[int, float | Status],
    halv: float = 0.0,
    versjoner: dict[int, str] | None = None,
) -> Serie:
    points = []
    for year, value in verdier.items():
        versjon = (versjoner or {}).get(year, "v1")
        if isinstance(value, str):
            points.append(Punkt(skoleaar=year, status=value, versjon=versjon))
        else:
            points.append(
                Punkt(skoleaar=year, verdi=value, lav=value - halv, hoey=value + halv, n=56, versjon=versjon)
            )
    return Serie(navn=NAVN[rolle], rolle=rolle, punkter=tuple(points))


def _np_aar(values: list[float | Status]) -> tuple[dict[int, float | Status], dict[int, str]]:
    years = dict(zip(range(2014, 2025), values, strict=True))
    return years, {year: "gammel" if year < 2022 else "ny" for year in years}


def lesing() -> Figur:
    own, versions = _np_aar([48.0, 49.5, 47.0, 50.5, 49.0, "skjermet", 48.5, 47.5, 49.0, 46.5, 46.0])
    others, _ = _np_aar([50.0, 50.2, 50.1, 50.4, 50.0, 50.1, 50.3, 50.0, 50.6, 50.9, 51.0])
    country, _ = _np_aar([50.0] * 11)
    return Figur(
        tittel="Lesing på 5. trinn ligger lavere enn i resten av kommunen",
        undertittel="Nasjonale prøver, lesing, 5. trinn. Skalapoeng, gjennomsnittet i landet er om lag 50",
        alt="Tidslinje 2014-15 til 2024-25. Skolen 46 poeng i 2024-25 mot 51 i kommunen uten skolen. "
        "Tallene før 2022-23 er ikke egnet for å vise utvikling; 2019-20 er skjult.",
        noter=("Søylen bak hvert punkt er 95 %-spennet.",),
        kilde="Kilde: Utdanningsdirektoratet, Statistikkbanken",
        n_tekst="56 elever i 2024-25",
        data=Tidslinje(
            serier=(
                serie("egen", own, 2.4, versions),
                serie("kommune", others, 0.6, versions),
                serie("land", country, 0, versions),
            ),
            soner=(
                Sone(
                    fra=2014,
                    til=2021,
                    art="uegnet",
                    tekst="Feil i likningen av prøvene; Udir fraråder å se på utvikling.",
                ),
            ),
            skala=(42.0, 56.0),
            enhet="tall",
        ),
    )


def eksamen() -> Figur:
    own: dict[int, float | Status] = {
        2015: 3.4,
        2016: 3.6,
        2017: "skjermet",
        2018: 3.5,
        2022: 3.1,
        2023: 3.3,
        2024: "skjermet",
    }
    land: dict[int, float | Status] = {
        2015: 3.4,
        2016: 3.5,
        2017: 3.4,
        2018: 3.5,
        2022: 3.3,
        2023: 3.3,
        2024: 3.4,
    }
    versions = {year: "K06" if year < 2019 else "LK20" for year in own}
    return Figur(
        tittel="Skriftlig eksamen i norsk: vi kan ikke si at noe er endret",
        undertittel="Karakter 1 til 6, 10. trinn",
        alt="Tidslinje 2015-16 til 2024-25 med opphold 2019-20 til 2021-22 da eksamen var avlyst. Siste år er skjult.",
        kilde="Kilde: Utdanningsdirektoratet",
        data=Tidslinje(
            serier=(serie("egen", own, 0.35, versions), serie("land", land, 0.0, versions)),
            soner=(
                Sone(
                    fra=2019, til=2021, art="avlyst", tekst="Eksamen ble avlyst på grunn av koronapandemien."
                ),
            ),
            skala=(2.0, 5.0),
            enhet="tall",
            desimaler=1,
        ),
    )


def trivsel() -> Figur:
    rows = {
        "Trivsel": (4.1, 4.2, 4.2),
        "Støtte fra lærer": (4.3, 4.0, 4.0),
        "Faglig utfordring": (4.0, 4.05, 4.1),
        "Vurdering for læring": (3.2, 3.6, 3.5),
        "Elevdemokrati og medvirkning": (None, 3.4, 3.4),
        "Mestring": (4.0, 4.0, 4.0),
    }
    return Figur(
        tittel="Elevene opplever god støtte fra lærerne, men mindre vurdering for læring",
        undertittel="Elevundersøkelsen, 7. trinn, 2024-25. Indeks 1 til 5, der 5 er best",
        alt="Seks indekser. Støtte fra lærer 4,3 mot 4,0 i kommunen; vurdering for læring 3,2 mot 3,6; "
        "elevdemokrati er skjult; de andre kan ikke skilles fra kommunen.",
        noter=("Strekene er 95 %-spennet.",),
        kilde="Kilde: Utdanningsdirektoratet, Elevundersøkelsen",
        n_tekst="41 svar",
        data=Sammenligning(
            rader=tuple(
                Rad(
                    etikett=name,
                    punkter=(
                        prikk("egen", own, 0.22, 41, "vist" if own else "skjermet"),
                        prikk("kommune", kommune, 0.05, 900),
                        prikk("land", land),
                    ),
                )
                for name, (own, kommune, land) in rows.items()
            ),
            skala=(2.8, 4.8),
            enhet="tall",
            desimaler=1,
        ),
    )


def nivaaer() -> Figur:
    return Figur(
        tittel="Flere elever på laveste nivå i lesing enn i regning",
        undertittel="Nasjonale prøver, 8. trinn, 2024-25. Prosent av elevene på hvert mestringsnivå",
        alt="Lesing: 14, 22, 36, 18 og 10 prosent fra nivå 1 til 5. Regning: 6, 17, 38, 26 og 13. Engelsk er skjult.",
        kilde="Kilde: Utdanningsdirektoratet",
        data=Fordeling(
            rader=(
                Stabel(etikett="Lesing", deler=(0.14, 0.22, 0.36, 0.18, 0.10), n=50),
                Stabel(etikett="Regning", deler=(0.06, 0.17, 0.38, 0.26, 0.13), n=52),
                Stabel(etikett="Engelsk", skjult=True),
            ),
            nivaanavn=tuple(f"Nivå {i}" for i in range(1, 6)),
        ),
    )


def mobbing() -> Tabell:
    def gone(why: str, because: str = "") -> Celle:
        return Celle(tekst=why, skjult=True, forklaring=because)

    few = "Færre enn fem svar i gruppen; tallet vises ikke av hensyn til elevene."
    rows = (
        (
            Celle(tekst="Mobbet på skolen"),
            Celle(tekst="7 % (2–19 %)", tall=0.07),
            Celle(tekst="41", tall=41),
            Celle(tekst="5,2 %"),
        ),
        (
            Celle(tekst="Av andre elever"),
            Celle(tekst="5 % (1–16 %)", tall=0.05),
            Celle(tekst="41", tall=41),
            Celle(tekst="4,1 %"),
        ),
        (Celle(tekst="Av voksne på skolen"), gone("skjult", few), gone("skjult", few), Celle(tekst="1,3 %")),
        (
            Celle(tekst="Digitalt"),
            gone("skjult", "Kunne røpe et annet tall i tabellen."),
            Celle(tekst="41"),
            Celle(tekst="2,0 %"),
        ),
        (Celle(tekst="10. trinn"), gone("ingen deltok"), gone("–"), Celle(tekst="4,8 %")),
    )
    return Tabell(
        tittel="Mobbing på 7. trinn, 2024-25",
        kolonner=(
            Kolonne(tekst="Del", art="tekst"),
            Kolonne(tekst="Skolen"),
            Kolonne(tekst="Antall svar"),
            Kolonne(tekst="Kommunen uten skolen"),
        ),
        rader=rows,
        noter=("I parentes: 95 %-spennet.",),
        kilde="Kilde: Utdanningsdirektoratet, Elevundersøkelsen",
        belegg=("elevundersoekelsen/mobbing/7/2024",),
    )


def lang_tabell() -> Tabell:
    return Tabell(
        tittel="Tall for alle delskår, fem siste år",
        kolonner=(
            Kolonne(tekst="Del", art="tekst"),
            *(Kolonne(tekst=f"{2020 + i}-{21 + i}") for i in range(5)),
        ),
        rader=tuple(
            (
                Celle(tekst=f"Delskår nummer {row}"),
                *(Celle(tekst=f"{3 + (row * 7 + i) % 20 / 10:.1f}".replace(".", ",")) for i in range(5)),
            )
            for row in range(1, 46)
        ),
        kilde="Kilde: Utdanningsdirektoratet",
    )


def profil() -> Tabell:
    scale = Strek(
        skala=(1.0, 5.0),
        verdi=4.3,
        lav=4.1,
        hoey=4.5,
        andre=(Strekmerke(rolle="kommune", verdi=4.0),),
        grense=3.0,
    )
    return Tabell(
        tittel="Profil",
        kolonner=(
            Kolonne(tekst="Hva", art="tekst"),
            Kolonne(tekst="Skolen"),
            Kolonne(tekst="Skrevet", art="tekst"),
        ),
        rader=(
            (
                Celle(tekst="Støtte"),
                Celle(tekst="4,3 ± 0,2", strek=scale),
                Celle(tekst="«Vi <øver>»", skrevet=True),
            ),
            (Celle(tekst="Trivsel"), Celle(tekst="skjult", skjult=True), Celle(tekst="–")),
        ),
    )


def kort() -> Noekkeltall:
    return Noekkeltall(
        kort=(
            Kort(etikett="Nasjonale prøver: lesing, 5. trinn", verdi="46", spenn="± 2,4", n="56 elever"),
            Kort(etikett="Nasjonale prøver: regning, 5. trinn", verdi="51", spenn="± 2,2", n="57 elever"),
            Kort(etikett="Elevundersøkelsen: trivsel, 7. trinn", verdi="4,1", spenn="± 0,22", n="41 svar"),
            Kort(
                etikett="Elevundersøkelsen: mobbing på skolen, 7. trinn",
                verdi="7 %",
                spenn="2–19 %",
                n="41 svar",
            ),
            Kort(
                etikett="Kartleggingsprøver: lesing, 2. trinn",
                verdi="skjult",
                skjult=True,
                merknad="for få elever",
            ),
            Kort(etikett="Grunnskolepoeng", verdi="42,1", spenn="± 1,9", n="48 elever"),
        ),
    )


def spoersmaal() -> Spoersmaalsliste:
    return Spoersmaalsliste(
        tittel="Spørsmål å svare på sammen",
        spoersmaal=(
            Spoersmaal(
                tekst="Hva er skolens styrker, og hva vet vi om hvorfor?",
                belegg=(
                    "Elevundersøkelsen, støtte fra lærer, 7. trinn: 4,3 ± 0,22. Det er høyere enn kommunen uten skolen "
                    "(4,0 ± 0,05), og forskjellen er større enn tilfeldigheter forklarer.",
                ),
            ),
            Spoersmaal(
                tekst="Hvilke utfordringer må vi prioritere?",
                belegg=(
                    "Nasjonale prøver, lesing, 5. trinn: 46 ± 2,4.",
                    "Vurdering for læring, 7. trinn: 3,2 ± 0,22.",
                ),
                svar="«Ressursgruppen foreslår lesing i alle fag som satsing.»",
                tilstand="utkast",
                svar_foer="«Vi vet det ikke ennå.»",
                foer="Svaret i 2023-24",
                merke="årets tall reiser dette",
            ),
            Spoersmaal(tekst="Hvilken kompetanse trenger personalet?"),
        ),
        tomt="Tallene sier ikke noe om dette spørsmålet.",
    )


def saker() -> Saksliste:
    lines = (
        Saklinje(etikett="Svarer på", tekst="«Lesingen går ned <og> ned»", skrevet=True),
        Saklinje(etikett="Nasjonale prøver, lesing, 5. trinn, 2022-23", tekst="46 ± 2,4"),
        Saklinje(etikett="Nå", tekst="skjult – for få personer"),
    )
    done = Sak(
        nummer="T1", tittel="«Lesekvart»", linjer=lines, dom="Trolig gunstigere enn før.", utfall="bra"
    )
    open_ = Sak(nummer="T2", tittel="«Gul vest»", linjer=lines[:1], dom="")
    return Saksliste(tittel="Tiltakene", saker=(done, open_), tomt="Ingen tiltak er meldt inn.")


def elementer() -> tuple[Element, ...]:
    return (
        Gruppe(
            elementer=(
                Overskrift(nivaa=2, tekst="Kort fortalt", anker="kort-fortalt"),
                Avsnitt(
                    tekst="Skolen ligger lavere enn resten av kommunen i lesing på 5. trinn og høyere i støtte fra lærerne. "
                    "For de fleste andre tallene kan vi ikke si at skolen skiller seg ut.",
                    art="ingress",
                ),
                kort(),
                Liste(
                    tittel="Det som er tydelig i år",
                    punkter=(
                        "Lesing på 5. trinn: 46 ± 2,4, lavere enn kommunen uten skolen (51 ± 0,6).",
                        "Støtte fra lærer på 7. trinn: 4,3 ± 0,22, høyere enn kommunen uten skolen (4,0 ± 0,05).",
                    ),
                ),
                Avsnitt(
                    tekst="12 tall er skjult fordi de gjelder få personer, eller fordi de kunne røpe andre tall.",
                    art="merknad",
                ),
            )
        ),
        Overskrift(nivaa=2, tekst="Hvor er vi?", anker="utgangspunkt"),
        spoersmaal(),
        Overskrift(nivaa=3, tekst="1. Elevundersøkelsen", anker="elevundersoekelsen"),
        Avsnitt(
            tekst="Elevundersøkelsen spør elevene om læring og trivsel. Den er obligatorisk på 7. og 10. trinn."
        ),
        Avsnitt(
            tekst="Støtte fra lærer, 7. trinn: 4,3 ± 0,22. Det er høyere enn kommunen uten skolen (4,0 ± 0,05), "
            "og forskjellen er større enn tilfeldigheter forklarer.",
            art="funn",
        ),
        trivsel(),
        mobbing(),
        Avsnitt(
            tekst="En indeks er gjennomsnittet av flere spørsmål. Tallene sier ikke hva forskjeller kommer av.",
            art="metode",
        ),
        Overskrift(nivaa=3, tekst="4. Nasjonale prøver", anker="nasjonale_proever"),
        nivaaer(),
        Overskrift(nivaa=2, tekst="Er vi på rett vei?", anker="oppfoelging"),
        Overskrift(nivaa=3, tekst="Nasjonale prøver", anker="trend-nasjonale_proever"),
        lesing(),
        Overskrift(nivaa=3, tekst="Eksamen", anker="trend-eksamen"),
        eksamen(),
        Gruppe(elementer=(lesing(), eksamen()), spalter=3),
        saker(),
        Ordforklaringer(
            tittel="Ord på denne siden",
            ord=(Ord(ord="Spenn", forklaring="Hvor mye tallet kunne vært annerledes med et annet kull."),),
        ),
        Overskrift(nivaa=2, tekst="Alle tall", anker="alle-tall"),
        Avsnitt(tekst="Her står alle delskår."),
        profil(),
        lang_tabell(),
    )


def lang_tid() -> Figur:
    """Eighteen years, long names, shares, close ends, bands of one year, and hidden years at both ends."""
    own: dict[int, float | Status] = {year: 0.06 + (year % 5) / 100 for year in range(2007, 2025)}
    own |= {2007: "skjermet", 2008: "lite_grunnlag", 2013: "ingen_deltok", 2024: "kunne_roepe"}
    others: dict[int, float | Status] = {year: 0.052 + (year % 3) / 500 for year in range(2007, 2025)}
    versions = {year: "a" if year < 2013 else "b" if year < 2016 else "c" for year in range(2007, 2025)}
    return Figur(
        tittel="Mobbing på skolen: vi kan ikke si at noe er endret siden 2022-23",
        undertittel="Prosent av elevene på 7. trinn",
        alt="Tidslinje over 18 år med to brudd; første, andre og siste år er skjult.",
        data=Tidslinje(
            serier=(
                serie("egen", own, 0.03, versions),
                serie("kommune", others, 0.002, versions),
                serie(
                    "fylke", {y: v + 0.002 for y, v in others.items() if isinstance(v, float)}, 0, versions
                ),
                serie("land", {y: v + 0.001 for y, v in others.items() if isinstance(v, float)}, 0, versions),
            ),
            soner=(
                Sone(fra=2010, til=2010, art="ikke_maalt", tekst="Undersøkelsen ble ikke holdt."),
                Sone(fra=2019, til=2019, art="avlyst", tekst="Avlyst."),
                Sone(fra=2021, til=2022, art="uegnet", tekst="Pandemi."),
            ),
            skala=(0.0, 0.16),
            enhet="andel",
            desimaler=1,
        ),
    )


def kort_tid() -> Figur:
    return Figur(
        tittel="Lesing på 2. trinn: det finnes ett tall",
        undertittel="Andel",
        alt="Ett år, 12 prosent.",
        data=Tidslinje(serier=(serie("egen", {2024: 0.12}, 0.05),), skala=(0.0, 1.0), enhet="andel"),
    )


def alt_skjult() -> Figur:
    return Figur(
        tittel="Alle år er skjult",
        undertittel="Andel",
        alt="Alle år er skjult.",
        spraak="nn",
        data=Tidslinje(
            serier=(serie("egen", {2022: "skjermet", 2023: "skjermet", 2024: "mangler"}),),
            skala=(0.0, 1.0),
            enhet="andel",
        ),
    )


def mange_rader() -> Figur:
    names = (
        "Utdanning og yrkesveiledning, 10. trinn, alle elever på skolen",
        "Trivsel",
        "Mobbet digitalt eller av voksne",
    )
    rows = tuple(
        Rad(
            etikett=names[i % 3],
            punkter=(
                prikk("egen", 0.08 + i / 200, 0.05, 30) if i % 4 else prikk("egen", None, status="mangler"),
                prikk("kommune", 0.081 + i / 200, 0.01),
                prikk("fylke", 0.083 + i / 200),
                prikk("land", 0.08 + i / 200),
            ),
        )
        for i in range(12)
    )
    return Figur(
        tittel="Mange rader",
        undertittel="Prosent",
        alt="Tolv rader.",
        data=Sammenligning(rader=rows, skala=(0.0, 0.2), enhet="andel", desimaler=1),
    )


def figurer() -> tuple[Figur, ...]:
    own = lesing(), eksamen(), trivsel(), nivaaer(), lang_tid(), kort_tid(), alt_skjult(), mange_rader()
    return (*own, *eksempel_trakt.figurer())
