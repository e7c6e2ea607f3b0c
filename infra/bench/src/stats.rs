//! Medians and ratios, in whole numbers: what is printed with two decimals is also compared with two decimals.

use std::fmt;

/// The middle value, the lower one of two; 0 of nothing.
pub fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

/// A quotient in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(u64);

impl Ratio {
    /// A limit such as 1.30, given as 130.
    pub const fn hundredths(value: u64) -> Self {
        Self(value)
    }

    /// `part` over `whole`, rounded half up; nothing when there is nothing to divide by.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        let scaled = part.checked_mul(100)?.checked_add(whole / 2)?;
        scaled.checked_div(whole).map(Self)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", decimal(self.0))
    }
}

/// Nanoseconds as milliseconds with two decimals.
pub fn ms(nanoseconds: u64) -> String {
    format!("{} ms", decimal(rounded(nanoseconds, 10_000)))
}

/// Nanoseconds as whole microseconds.
pub fn us(nanoseconds: u64) -> String {
    format!("{} µs", rounded(nanoseconds, 1_000))
}

/// Kibibytes (what /proc counts in) as mebibytes with two decimals.
pub fn mib(kibibytes: u64) -> String {
    format!("{} MiB", decimal(rounded(kibibytes * 100, 1_024)))
}

/// Bytes as megabytes with two decimals.
pub fn mb(bytes: u64) -> String {
    format!("{} MB", decimal(rounded(bytes, 10_000)))
}

fn rounded(value: u64, unit: u64) -> u64 {
    (value + unit / 2) / unit
}

fn decimal(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_a_value_that_was_measured() {
        assert_eq!(median(vec![5, 1, 9]), 5);
        assert_eq!(median(vec![4, 1, 9, 5]), 4);
        assert_eq!(median(Vec::new()), 0);
    }

    #[test]
    fn a_ratio_rounds_half_up_and_refuses_zero() {
        assert_eq!(Ratio::of(1_304, 1_000), Some(Ratio::hundredths(130)));
        assert_eq!(Ratio::of(1_305, 1_000), Some(Ratio::hundredths(131)));
        assert_eq!(Ratio::of(1, 0), None);
        assert_eq!(Ratio::hundredths(1_205).to_string(), "12.05");
    }

    #[test]
    fn units_are_printed_rounded() {
        assert_eq!(ms(5_127_000), "5.13 ms");
        assert_eq!(us(412_600), "413 µs");
        assert_eq!(mib(12_288), "12.00 MiB");
        assert_eq!(mb(2_345_678), "2.35 MB");
    }
}
