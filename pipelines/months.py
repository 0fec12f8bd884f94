"""Names of the months in the languages of the news: whole names and the usual abbreviations, case folded, without a point at the end.

Only names that mean one month in all of the languages are here: *listopad* is November in Czech and Polish but October in Croatian,
so Croatian is left out.

Source: Unicode CLDR, months in format and stand-alone forms.
"""

from __future__ import annotations

_WHOLE = {
    1: "january januar jänner janvier enero janeiro gennaio januari stycznia styczeń ledna leden januára tammikuuta ocak "
       "января январь січня ianuarie január",
    2: "february februar feber février fevrier febrero fevereiro febbraio februari lutego luty února únor helmikuuta şubat "
       "февраля февраль лютого februarie február",
    3: "march märz maerz mars marzo março maart marca marzec března březen maaliskuuta mart марта март березня martie március",
    4: "april avril abril aprile kwietnia kwiecień dubna duben huhtikuuta nisan апреля апрель квітня aprilie április",
    5: "may mai mayo maio maggio mei maja maj května květen toukokuuta mayıs мая май травня május",
    6: "june juni juin junio junho giugno czerwca czerwiec června červen kesäkuuta haziran июня июнь червня iunie június",
    7: "july juli juillet julio julho luglio lipca lipiec července červenec heinäkuuta temmuz июля июль липня iulie július",
    8: "august août aout agosto augustus augusti sierpnia sierpień srpna srpen elokuuta ağustos августа август серпня "
       "augusztus agustus",
    9: "september septembre septiembre setiembre setembro settembre września wrzesień září syyskuuta eylül сентября сентябрь "
       "вересня septembrie szeptember",
    10: "october oktober octobre octubre outubro ottobre października październik října říjen lokakuuta ekim октября октябрь "
       "жовтня octombrie október",
    11: "november novembre noviembre novembro listopada listopad listopadu marraskuuta kasım ноября ноябрь noiembrie",
    12: "december dezember décembre decembre diciembre dezembro dicembre desember grudnia grudzień prosince prosinec joulukuuta "
       "aralık декабря декабрь грудня decembrie desember",
}  # fmt: skip
_SHORT = {
    1: "jan janv ene gen sty янв oca",
    2: "feb febr févr fév fev lut фев şub",
    3: "mar mär mrz мар",
    4: "apr avr abr kwi апр nis",
    5: "mag",
    6: "jun giu cze июн haz",
    7: "jul juil lug lip июл tem",
    8: "aug ago sie авг ağu",
    9: "sep sept set wrz сен сент eyl",
    10: "oct okt out ott paź окт eki",
    11: "nov lis ноя нояб kas",
    12: "dec dez déc dic des gru дек ara",
}  # fmt: skip

MONTHS: dict[str, int] = {
    word: number for names in (_WHOLE, _SHORT) for number, words in names.items() for word in words.split()
}
"""Number of each month's names."""
