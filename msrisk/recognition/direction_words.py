"""Lists the words of directions in seven languages, each with its kind and number.

Everything is lower case and without accents, as `normalised` leaves it. A word that stands
in no table and begins with no stem says nothing of a dose and is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

__all__ = ["ARTICLES", "Kind", "STEMS", "WEAK", "WORDS", "Word"]


Kind = Literal[
    "number",  # 2, two, half: its value
    "roman",  # ii, pair: a count that is nothing else
    "unit",  # mg: milligrams
    "volume",  # ml: millilitres
    "piece",  # capsule: 1, capsules: 2
    "doses",  # doses, portions: what a day's amount is divided into
    "times",  # times, x
    "often",  # twice: how many times, of a period that follows
    "rate",  # bid: intakes a day
    "every",  # every, each, q
    "other",  # other, alternate, second: the number in "every second day"
    "per",  # per, a, /
    "period",  # day, week: days, at least and at most
    "span",  # daily, weekly: likewise
    "clock",  # 8:00: its hour
    "hour",  # morning, bedtime: bits for the parts of a day
    "meals",  # with meals: nobody knows how many
    "weekday",  # bits for the days of a week
    "short-weekday",  # sun, mon: a weekday only beside another or behind "on"
    "and",
    "to",  # 1 to 2
    "or",  # 1 or 2; else doubt
    "of",  # 2 capsules of 300 mg
    "cap",  # up to, max
    "divided",
    "total",
    "take",
    "done",  # took, swallowed: of no frequency, what one day brought
    "once",  # at once, single dose: one intake
    "day",  # today, last night: on one day
    "on",  # on, only: a short weekday may follow
    "for",  # for 3 months
    "since",  # since monday, last week, 3 years ago
    "beside",  # before, after: half an hour before breakfast
    "course",  # 2 rounds, year 2, stage 3
    "lab",  # trough 8
    "pack",  # bottle of 60
    "month",  # 3 March
    "ordinal",  # 2nd
    "more",  # sometimes, extra: behind "and" it can only add
    "doubt",  # halved, rarely: no dose is certain beside it
    "nothing",  # low dose: two words that look like directions and are none
    "name",
    "named",
    "end",
]
"""What a word does in directions; the grammar is written over these."""

Word = tuple[Kind, float, float]
"""A kind of word with the numbers that it stands for, at least and at most."""


def _table() -> dict[str, Word]:
    table: dict[str, Word] = {}
    for kind, groups in _GROUPS.items():
        for number, words in groups.items():
            low, high = number if isinstance(number, tuple) else (number, number)
            for word in words.split(","):
                table[word.strip()] = (kind, low, high)
    return table


_Number = float | tuple[float, float]
_GROUPS: Final[Mapping[Kind, Mapping[_Number, str]]] = {
    "number": {
        1: "one, ein, eine, einen, un, une, uno, una, um, uma, een",
        2: "two, zwei, deux, dos, due, dois, duas, twee",
        3: "three, drei, trois, tres, tre, drie",
        4: "four, vier, quatre, cuatro, quattro, quatro",
        5: "five, funf, fuenf, cinq, cinco, cinque, vijf",
        6: "six, sechs, seis, sei, zes",
        7: "seven, sieben, siete, sette, sete, zeven",
        8: "eight, acht, huit, ocho, otto, oito",
        9: "nine, neun, neuf, nueve, nove, negen",
        10: "ten, zehn, dix, diez, dieci, tien",
        11: "eleven, elf, onze, undici",
        12: "twelve, zwolf, douze, doce, dodici, doze, twaalf",
        13: "thirteen",
        14: "fourteen",
        15: "fifteen",
        16: "sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "twenty, zwanzig, vingt, veinte, venti, vinte, twintig",
        30: "thirty",
        40: "forty, fourty",
        50: "fifty",
        60: "sixty",
        70: "seventy",
        80: "eighty",
        90: "ninety",
        1 / 2: "half, 1⁄2, halbe, demi, media, meia, mezza, halve",
        1 / 3: "third, 1⁄3",
        2 / 3: "2⁄3",
        1 / 4: "quarter, 1⁄4",
        3 / 4: "3⁄4",
    },
    "roman": {1: "i", 2: "ii, pair", 3: "iii", 5: "v"},
    "unit": {
        1: (
            "mg, mgs, milligram, milligrams, milligramme, milligrammes, milligramm, miligramo, "
            "miligramos, miligrama, miligramas, milligrammo, milligrammi"
        ),
        1000: "g, gm, gms, gram, grams, gramme, grammes, gramm, gramos, grammi",
        0.001: (
            "mcg, mcgs, ug, μg, microgram, micrograms, microgramme, microgrammes, mikrogramm, "
            "microgramos, microgrammi"
        ),
    },
    "volume": {
        1: "ml, mls, cc, millilitre, millilitres, milliliter, milliliters, mililitros, millilitri",
    },
    "piece": {
        1: (
            "cap, capsule, tab, tablet, pill, softgel, gelcap, caplet, lozenge, sachet, scoop, "
            "gummy, drop, vial, ampoule, kapsel, tablette, gelule, comprime, capsula, "
            "comprimido, compressa, pastilla, pillola, pilule, bustina"
        ),
        2: (
            "caps, capsules, tabs, tablets, pills, softgels, gelcaps, caplets, lozenges, "
            "sachets, scoops, gummies, drops, vials, ampoules, kapseln, tabletten, gelules, "
            "comprimes, capsulas, comprimidos, compresse, pastillas, hartkapseln, weichkapseln, "
            "retardkapseln, soft gels, gel caps, sprays, tropfen, gotas, gouttes, gocce, druppels, "
            "sobres, beutel, pillole, pilules, "
            "bustine, pieces, cps, cpr"
        ),
    },
    "doses": {
        0: "dose, doses, parts, portions, intakes, dosen, einzeldosen, prises, tomas, dosis, dosi",
    },
    "times": {0: "times, time, x, ×, *, mal, fois, veces, vez, vezes, volte, volta, keer, maal"},
    "often": {
        1: "once, einmal, eenmaal",
        2: "twice, zweimal, tweemaal",
        3: "thrice, dreimal, driemaal",
        4: "viermal, viermaal",
        5: "funfmal, fuenfmal, vijfmaal",
        6: "sechsmal, zesmaal",
        7: "siebenmal",
        8: "achtmal, achtmaal",
        10: "zehnmal, tienmaal",
        12: "zwolfmal, twaalfmaal",
    },
    "rate": {
        1: "od, qd, qday",
        2: "bid, bd, bds",
        3: "tid, tds",
        4: "qid, qds",
        1 / 2: "qod, eod",
        3 / 7: "tiw",
    },
    "every": {
        0: (
            "every, each, q, alle, jeden, jede, jeder, jedes, chaque, toutes les, tous les, "
            "cada, todos los, todas las, todos os, todas as, ogni, elke, iedere"
        ),
    },
    "other": {
        2: "other, alternate, alternating, second, zweiten, zweite, deuxieme, tweede, om de",
        3: "dritten, derde",
        4: "fourth",
    },
    "per": {0: "per, pro, par, /, al, ao, alla, por, a, an, am, in, im, na, om, from"},
    "period": {
        (
            1,
            1,
        ): "d, dy, day, days, tag, tage, tagen, jour, jours, dia, dias, giorno, giorni, dag, dagen",
        (
            1 / 24,
            1 / 24,
        ): (
            "h, hr, hrs, hour, hours, stunde, stunden, std, heure, heures, hora, horas, ora, "
            "ore, uur, uren"
        ),
        (7, 7): (
            "w, wk, wks, week, weeks, woche, wochen, semaine, semaines, semana, semanas, "
            "settimana, settimane, weken"
        ),
        (14, 14): "fortnight",
        (28, 31): (
            "mo, mos, month, months, monat, monate, monaten, mois, mes, meses, mese, mesi, "
            "maand, maanden, mths"
        ),
        (
            365,
            366,
        ): "year, years, yr, yrs, jahr, jahre, jahren, an, ans, ano, anos, anno, anni, jaar",
        (1 / 1440, 1 / 1440): "min, mins, minute, minutes, minuten, minuti, minutos",
    },
    "span": {
        (
            1,
            1,
        ): (
            "daily, taglich, taeglich, tgl, /die, pro die, "
            "quotidien, quotidienne, quotidiennement, diario, diaria, "
            "diarios, diarias, diariamente, quotidianamente, giornaliero, giornaliera, daags, "
            "dagelijks, per diem"
        ),
        (7, 7): "weekly, qw, qwk, wochentlich, hebdomadaire, semanal, settimanale, wekelijks",
        (14, 14): "fortnightly, q2w, q2wk",
        (365, 366): "yearly, annually, jahrlich",
        (28, 31): "monthly, monatlich, mensuel, mensual, mensile, maandelijks",
    },
    "hour": {  # 1 morning, 2 noon, 4 afternoon, 8 evening, 16 bedtime
        1: (
            "morning, mornings, breakfast, mane, qam, a.m, morgens, morgen, fruh, fruhs, "
            "fruhstuck, matin, petit dejeuner, petit-dejeuner, manana, mananas, desayuno, "
            "mattina, mattino, colazione, manha, cafe da manha, ochtend, ochtends, ontbijt, "
            "waking"
        ),
        2: "noon, midday, mittags, mittag, midi, mediodia, mezzogiorno, middags, middag",
        6: "lunch, lunchtime, almuerzo, pranzo, almoco, dejeuner, mittagessen",
        4: "afternoon, afternoons, nachmittags, nachmittag, apres-midi, pomeriggio, namiddag",
        28: "pm, p.m, qpm, tarde",
        24: "evening, evenings, abends, abend, soir, soiree, sera, avond, avonds",
        8: "dinner, supper, dinnertime, abendessen, diner, cena, jantar, avondeten",
        16: (
            "night, nights, nightly, bedtime, bed, nocte, hs, qhs, nachts, nacht, nuit, "
            "coucher, noche, noches, notte, noite, slapen, schlafengehen"
        ),
    },
    "meals": {
        0: (
            "meals, meal, mealtimes, ac, pc, mahlzeiten, repas, comidas, pasti, refeicoes, "
            "maaltijden, maaltijd"
        ),
    },
    "weekday": {
        1: "monday, mondays, montag, montags, lundi, lunes, lunedi, maandag, segunda-feira",
        2: "tuesday, tuesdays, dienstag, dienstags, mardi, martes, martedi, dinsdag, terca-feira",
        4: (
            "wednesday, wednesdays, mittwoch, mittwochs, mercredi, miercoles, mercoledi, "
            "woensdag, quarta-feira"
        ),
        8: (
            "thursday, thursdays, donnerstag, donnerstags, jeudi, jueves, giovedi, donderdag, "
            "quinta-feira"
        ),
        16: "friday, fridays, freitag, freitags, vendredi, viernes, venerdi, vrijdag, sexta-feira",
        32: "saturday, saturdays, samstag, samstags, samedi, sabado, sabados, sabato, zaterdag",
        64: "sunday, sundays, sonntag, sonntags, dimanche, domingo, domingos, domenica, zondag",
        31: "weekdays",
        96: "weekends",
    },
    "short-weekday": {
        1: "mon",
        2: "tue, tues",
        4: "wed",
        8: "thu, thur, thurs",
        16: "fri",
        32: "sat",
        64: "sun",
    },
    "and": {0: "and, plus, +, &, und, et, y, e, ed, en"},
    "to": {0: "to, bis, tot"},
    "or": {0: "or, oder, ou, o, of een, bzw"},
    "of": {0: "of, @, zu, de, da, di, von, van"},
    "cap": {
        0: (
            "up to, max, maximum, maximal, at most, no more than, not more than, "
            "not to exceed, bis zu, hochstens, jusqu a, jusqua, maximo, massimo, fino a, "
            "hasta, ate, tot maximaal"
        ),
    },
    "divided": {0: "divided, split, verteilt, repartis, repartidos, divisi, dividido, verdeeld"},
    "total": {0: "total, =, tdd, insgesamt, totale, totaal"},
    "done": {
        0: (
            "took, swallowed, ingested, gulped, downed, overdosed, ate, eaten, geschluckt, "
            "verschluckt, avale, avales, tragado, trague, ingerito, ingoiato, engoli, "
            "ingeslikt, geslikt"
        ),
    },
    "once": {
        0: (
            "at once, all at once, all together, at one time, at the same time, in one go, "
            "all in one go, in one sitting, at one sitting, in a single dose, as a single dose, "
            "single dose, in one dose, as one dose, auf einmal, d un coup, en una vez, de una vez, "
            "in una volta, de uma vez, in een keer, in one swallow"
        ),
    },
    "day": {
        0: (
            "today, yesterday, tonight, last night, this morning, this afternoon, this evening, "
            "heute, gestern, aujourd hui, aujourdhui, hier, hoy, ayer, oggi, ieri, hoje, ontem, "
            "vandaag, gisteren"
        ),
    },
    "take": {
        0: (
            "take, takes, taking, nehme, nehmen, prendre, prends, prenez, tomo, tomar, tome, "
            "prendo, prendere, neem, innemen, sig"
        ),
    },
    "on": {0: "on, only, nur, am nur, le, el, il, op"},
    "for": {
        0: "for, fur, fuer, during, over, pendant, durante, voor, gedurende, lang, within, due to, "
        "because of, against, gegen, wegen, pour, contre, para, contra, contro, tegen"
    },
    "since": {0: "since, last, past, this, next, seit, depuis, desde, dal, sinds, ago, old, yo"},
    "beside": {0: "before, after, vor, nach, avant, apres, antes, despues, prima, dopo, voor het"},
    "course": {0: "round, rounds, course, courses, stage, type, phase, grade, cycle, cycles"},
    "lab": {
        0: (
            "trough, level, levels, inr, tsh, a1c, hba1c, egfr, creatinine, ferritin, bmi, "
            "weight, age, aged, lot, batch, room, number, #"
        ),
    },
    "pack": {0: "ct, count, pack, packs, bottle, bottles, box, jar, stuck, packung"},
    "month": {
        0: (
            "january, february, march, april, may, june, july, august, september, october, "
            "november, december, jan, feb, mar, apr, jun, jul, aug, sep, sept, oct, nov, dec"
        ),
    },
    "ordinal": {0: "st, nd, rd, th"},
    "more": {
        0: (
            "sometimes, occasionally, as needed, when needed, if needed, as required, "
            "when required, if required, as necessary, if necessary, when necessary, prn, sos, "
            "extra, another, again, additional, bei bedarf, au besoin, si besoin, "
            "si necesario, se necessario, zo nodig, one more, manchmal, parfois, a veces, "
            "a volte, soms"
        ),
    },
    "doubt": {
        0: (
            "%, ?, ~, ≈, ≃, <, >, ≤, ≥, ±, ⁄, →, ↑, ↓, iv, iiii, vi, vii, viii, ix, gr, kg, "
            "iu, ie, ui, units, unit, ng, mmol, meq, tsp, tbsp, teaspoon, tablespoon, "
            "teaspoons, tablespoons, biw, biweekly, bimonthly, quarterly, hourly, weekend, "
            "few, several, couple, dozen, single, double, triple, multiple, many, both, "
            "quarters, thirds, halves, some, most, about, approx, ca, circa, around, roughly, "
            "almost, nearly, under, more, less, least, minimum, not, no, never, nicht, pas, "
            "nie, non, then, when, if, unless, until, till, was, were, previously, formerly, "
            "used to, off, rarely, rare, seldom, often, usually, mostly, random, low end, "
            "minus, apart, salvo, menos, ausser, excepto, eccetto, tranne, behalve, instead, "
            "except, but, aber, exceto, excluding, skip, missed, loading, bolus, maintenance, "
            "initial, initially, "
            "stat, q6m, selten, oft, rarement, souvent, statt, ohne, sauf, raramente, spesso, "
            "zelden, vaak, environ, ungefahr, etwa, ongeveer, ter, iij, tt, between, hold, "
            "bedarf, besoin, nodig, as directed, directed, jours alternes, weaned, weaning, "
            "serving, servings, forgot, forget, hardly, ever, lately, regimen, sliding, scale, "
            "burst, cl, dl, l, litre, litres, liter, liters, u, million, thousand, billion, "
            "awake, hundred, hundreds, hundert, cents, cento, honderd, mil, mille, tausend, "
            "duizend, "
            "oz, ounce, ounces, cup, cups, dropper, droppers, "
            "overnight, last dose, last taken, next dose, annual, first, percent, unt, ius, "
            "mu, miu, cfu, kcal, above, exceeding, upwards, uber, mindestens, oltre, plus de, "
            "mas de, mais de, meer dan, almeno, au moins, al menos, pelo menos, minstens, "
            "more than, greater than, noontime, eve, handful, handfuls, comida, souper, "
            "middageten, cafe, quad, quater, quinque, quinquies, spat, doppelt, zweifach, "
            "dreifach, vierfach, doble, iss"
        )
    },
    "nothing": {
        0: (
            "maximum strength, max strength, extra strength, high strength, low strength, "
            "regular strength, full strength, low dose, high dose, same dose, i take, i am, "
            "im, am taking, each other"
        ),
    },
    "name": {0: "\ufffc"},
    "named": {0: "\ufffb"},
}

STEMS: Final = (
    "increas", "decreas", "reduc", "taper", "titrat", "start", "began", "begin", "begun", "commenc",
    "initiat", "chang",
    "stop", "halv", "doubl", "tripl", "quadrupl", "skip", "altern", "intermit", "irregular",
    "sporadic", "periodic", "cycl", "puls", "frequen", "occasion", "fortnight", "approximat",
    "seldom", "infrequen", "lower", "rais", "erhoh", "reduz", "halbier", "verdoppel", "augment",
    "diminu", "aument", "dimezz", "raddopp", "gelegentlich", "unregel", "abwechsel", "verhoog",
    "verlaag", "wean", "escalat", "adjust", "switch",
)  # fmt: skip
"""Beginnings of words of change and of irregular use."""

ARTICLES: Final = frozenset(
    {"a", "an", "am", "first", "from", "in", "im", "na", "om", "on", "al", "ao", "alla", "por",
     "par"}
)  # fmt: skip
"""Words that mean "per" only where a period follows."""

WORDS: Final[Mapping[str, Word]] = _table()
WEAK: Final = frozenset(
    {"and", "per", "of", "to", "or", "for", "since", "beside", "on", "take", "done", "lab",
     "course", "month", "ordinal", "name", "named", "nothing", "number"}
)  # fmt: skip
"""Kinds that say nothing of a dose by themselves."""
