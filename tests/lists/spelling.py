"""Names of substances compared over the spellings of several languages, salts left out.

A spelling is brought down to a skeleton: “lévothyroxine sodique”, “levothyroxinum
natricum” and “levotiroxina” are one. Skeletons are compared only with preferred names
and ids of drugs, among which no two collide (a test says so), never with brands.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["all_skeletons", "same_substance", "skeleton", "skeletons"]

_LETTERS: Final = (
    ("ph", "f"),
    ("th", "t"),
    ("rh", "r"),
    ("ch", "c"),
    ("y", "i"),
    ("ae", "e"),
    ("oe", "e"),
    ("k", "c"),
    ("qu", "c"),
    ("x", "s"),
    ("z", "s"),
    ("h", ""),
    ("ct", "t"),
    ("pt", "t"),
)
_ENDINGS: Final = re.compile(r"(?:um|us|[aeo])$")

# Words that say which salt, form, source or strength, in the languages of the lists; and
# words of grammar. What is left is the substance.
_BESIDE: Final = """
    acetate acetat acetas acetato acetonide acetonid acid acide acido acidum acids and anhydre anhydrous
    anidro anhidro anhydr aqua aqueous arginine aspartate axetil base basic benzathine benzoate
    besilate besylate bisulfate bitartrate bromhydrate bromide bromidum bromure bromuro butyrate calcium
    calcique calcicum camsilate camsylate carbonate chlorhydrate chloride chloridum chlorure cilexetil
    cipionate citrate cloridrato clorhidrato cloruro complex cypionate d de decanoate des di dibasic
    dichlorhydrate dihydrate dihydrochloride diphosphate dipotassium dipropionate disodium disodique
    disoproxil du edisylate embonate enantate enanthate erbumine esilate estolate et etabonate
    etexilate ethylsuccinate exilate for free fumarate furoate gluconate h hcl hemifumarate hemihydrate
    hemisuccinate hemitartrate hexahydrate human humain hyclate hydrate hydrated hydrobromide
    hydrobromidum hydrochlorid hydrochloride hydrochloridum hydrogen hydroxide iodide isethionate l lactate
    lactobionate la le lysine magnesium magnesique malate maleate maleas medoxomil meglumine mesilate
    mesilas mesylate micronised micronized micronise mofetil monobasic monohydrate monohydrochloride
    monosodique monosodium napsilate napsylate natricum nitrate nitras nitrique of or oxalate oxide pamoate
    palmitate pentahydrate phosphate phosphas pivalate pivoxil poids potassium potassique propionate
    proxetil recombinant resinate s saccharate salt sel sesquihydrate sod sodica sodico sodique sodium
    solfato stearate succinate sulfate sulfas sulfato sulph sulphate tartaric tartrate tartras teoclate
    tert-butylamine tetrahydrate tosilate tosylate total trihydrate trihydrochloride trometamol
    tromethamine trisodium undecanoate unspecified valerate xinafoate zinc alpha alfa en as with form
    acetonido trihydrique dihydrique anhydro hydrochl hydrob mal tart cit sulf acet fumar gluc phos prop
    zincique aluminium ferreux ferrique acides lysinate liquide micronisee vitamin vitamine preparation
    preparations preps prep products product other vaccine vaccin virus antigen extract extrait oil
    huile solution powder poudre hydrocl hydroch bes fosfato fosfate metasulfobenzoate
    combined phased formulations compound combinations injection rectal
"""


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """Return what is left of a word when accents, spelling and ending are evened out."""
    plain = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in plain if letter.isalnum())
    for letters, instead in _LETTERS:
        plain = plain.replace(letters, instead)
    plain = re.sub(r"(.)\1+", r"\1", plain)
    return _ENDINGS.sub("", _ENDINGS.sub("", plain) if plain.endswith("um") else plain)


_SKELETONS_BESIDE: Final = frozenset(skeleton(word) for word in _BESIDE.split())


@lru_cache(maxsize=100_000)
def all_skeletons(words: str) -> frozenset[str]:
    """Return the skeletons of all words."""
    found = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", words))
    return frozenset(filter(None, map(skeleton, found)))


@lru_cache(maxsize=100_000)
def skeletons(name: str) -> frozenset[str]:
    """Return the skeletons of the words of a name that say which substance it is."""
    found = all_skeletons(name) - _SKELETONS_BESIDE
    return frozenset(one for one in found if len(one) > 1 and not one[0].isdigit())


def same_substance(one: str, other: str) -> bool:
    """Whether all that one name says of a substance is said by the other as well."""
    here, there = skeletons(one), skeletons(other)
    return bool(here and there) and (here <= there or there <= here)
