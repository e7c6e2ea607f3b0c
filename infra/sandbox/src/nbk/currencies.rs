//! The currencies that the bank publishes.

/// A currency with the range its rate moves in.
pub struct Currency {
    pub code: &'static str,
    /// As the bank writes it.
    pub name: &'static str,
    /// The rate is for so many units.
    pub quant: u32,
    /// Hundredths of a tenge.
    pub low: u64,
    pub high: u64,
}

const fn currency(code: &'static str, name: &'static str, quant: u32, low: u64, high: u64) -> Currency {
    Currency { code, name, quant, low, high }
}

/// In the bank's order.
pub const CURRENCIES: [Currency; 39] = [
    currency("AUD", "АВСТРАЛИЙСКИЙ ДОЛЛАР", 1, 29_800, 30_900),
    currency("AZN", "АЗЕРБАЙДЖАНСКИЙ МАНАТ", 1, 26_900, 27_900),
    currency("AMD", "АРМЯНСКИЙ ДРАМ", 10, 1_190, 1_240),
    currency("BYN", "БЕЛОРУССКИЙ РУБЛЬ", 1, 15_400, 16_000),
    currency("BRL", "БРАЗИЛЬСКИЙ РЕАЛ", 1, 8_500, 8_900),
    currency("HUF", "ВЕНГЕРСКИХ ФОРИНТОВ", 10, 1_360, 1_420),
    currency("HKD", "ГОНКОНГСКИЙ ДОЛЛАР", 1, 5_870, 6_100),
    currency("GEL", "ГРУЗИНСКИЙ ЛАРИ", 1, 16_900, 17_500),
    currency("DKK", "ДАТСКАЯ КРОНА", 1, 7_080, 7_350),
    currency("AED", "ДИРХАМ ОАЭ", 1, 12_440, 12_930),
    currency("USD", "ДОЛЛАР США", 1, 45_700, 47_500),
    currency("EUR", "ЕВРО", 1, 52_900, 54_100),
    currency("INR", "ИНДИЙСКАЯ РУПИЯ", 1, 515, 540),
    currency("IRR", "ИРАНСКИЙ РИАЛ", 1000, 1_090, 1_130),
    currency("CAD", "КАНАДСКИЙ ДОЛЛАР", 1, 32_900, 34_000),
    currency("CNY", "КИТАЙСКИЙ ЮАНЬ", 1, 6_430, 6_690),
    currency("KWD", "КУВЕЙТСКИЙ ДИНАР", 1, 148_900, 154_600),
    currency("KGS", "КЫРГЫЗСКИЙ СОМ", 10, 5_230, 5_430),
    currency("MYR", "МАЛАЙЗИЙСКИЙ РИНГГИТ", 1, 10_900, 11_300),
    currency("MXN", "МЕКСИКАНСКИЙ ПЕСО", 1, 2_480, 2_580),
    currency("MDL", "МОЛДАВСКИЙ ЛЕЙ", 1, 2_700, 2_800),
    currency("NOK", "НОРВЕЖСКАЯ КРОНА", 1, 4_560, 4_740),
    currency("PLN", "ПОЛЬСКИЙ ЗЛОТЫЙ", 1, 12_420, 12_900),
    currency("RUB", "РОССИЙСКИЙ РУБЛЬ", 1, 530, 550),
    currency("SAR", "САУДОВСКИЙ РИЯЛ", 1, 12_180, 12_660),
    currency("XDR", "СДР", 1, 62_400, 64_900),
    currency("SGD", "СИНГАПУРСКИЙ ДОЛЛАР", 1, 35_400, 36_800),
    currency("TJS", "ТАДЖИКСКИЙ СОМОНИ", 1, 4_860, 5_050),
    currency("THB", "ТАЙСКИЙ БАТ", 1, 1_400, 1_460),
    currency("TRY", "ТУРЕЦКАЯ ЛИРА", 1, 1_100, 1_150),
    currency("UZS", "УЗБЕКСКИХ СУМОВ", 100, 375, 392),
    currency("UAH", "УКРАИНСКАЯ ГРИВНА", 1, 1_100, 1_145),
    currency("GBP", "ФУНТ СТЕРЛИНГОВ СОЕДИНЕННОГО КОРОЛЕВСТВА", 1, 60_900, 63_300),
    currency("CZK", "ЧЕШСКАЯ КРОНА", 1, 2_180, 2_260),
    currency("SEK", "ШВЕДСКАЯ КРОНА", 1, 4_810, 5_000),
    currency("CHF", "ШВЕЙЦАРСКИЙ ФРАНК", 1, 56_700, 58_900),
    currency("ZAR", "ЮЖНО-АФРИКАНСКИЙ РАНД", 1, 2_650, 2_760),
    currency("KRW", "ЮЖНО-КОРЕЙСКИХ ВОН", 100, 3_240, 3_370),
    currency("JPY", "ЯПОНСКИХ ЙЕН", 100, 30_100, 31_300),
];
