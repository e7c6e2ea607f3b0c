//! One line of the report: a promise, what was measured, and the verdict.

use crate::stats::Ratio;

/// What became of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Kept.
    Ok,
    /// Exceeded.
    Over,
    /// Not measured here.
    NotRun,
    /// Shown for comparison, without a limit.
    Shown,
    /// Measured on wrong answers, so it proves nothing.
    Void,
}

/// One line of the report.
#[derive(Clone, Debug)]
pub struct Row {
    /// What is promised.
    pub budget: String,
    /// What was measured, and against what.
    pub measured: String,
    /// The quotient, where the budget is one.
    pub ratio: String,
    /// The limit.
    pub limit: String,
    /// The verdict.
    pub verdict: Verdict,
}

/// What a quotient is held against.
pub enum Limit {
    /// A quotient may not be larger.
    AtMost(Ratio),
    /// A quotient may not be smaller.
    AtLeast(Ratio),
    /// No budget; shown for comparison.
    None,
}

/// A line without a quotient.
pub fn row(budget: String, measured: String, ratio: &str, limit: &str, verdict: Verdict) -> Row {
    Row { budget, measured, ratio: ratio.to_owned(), limit: limit.to_owned(), verdict }
}

/// A line about answers: right, or not.
pub fn judged(what: &str, wrong: Option<&String>) -> Row {
    let (measured, verdict) =
        if wrong.is_none() { ("yes", Verdict::Ok) } else { ("no, see below", Verdict::Over) };
    row(what.to_owned(), measured.to_owned(), "", "all", verdict)
}

/// A line whose verdict is a quotient's.
pub fn quotient(what: String, part: u64, whole: u64, unit: impl Fn(u64) -> String, limit: Limit) -> Row {
    let ratio = Ratio::of(part, whole);
    let (limit, kept) = match limit {
        Limit::AtMost(most) => (format!("≤ {most}"), Some(ratio.is_some_and(|ratio| ratio <= most))),
        Limit::AtLeast(least) => (format!("≥ {least}"), Some(ratio.is_some_and(|ratio| ratio >= least))),
        Limit::None => (String::new(), None),
    };
    let verdict = match kept {
        None => Verdict::Shown,
        Some(true) => Verdict::Ok,
        Some(false) => Verdict::Over,
    };
    let ratio = ratio.map_or_else(|| "none".to_owned(), |ratio| ratio.to_string());
    row(what, format!("{} : {}", unit(part), unit(whole)), &ratio, &limit, verdict)
}
