//! The budgets of pulling spend: calls to Facebook, and memory that does not grow with what is pulled.

use super::row::{Limit, Row, Verdict, quotient};
use crate::{
    measure::{Pull, Size},
    stats::{self, Ratio},
};

/// Calls over the pages that must exist.
const CALLS: Ratio = Ratio::hundredths(105);
/// Memory at twenty times the rows, of twenty times the ads.
const MEMORY: Ratio = Ratio::hundredths(130);
/// Memory at 28 times the rows, of the same ads: no more than what one run differs from the next by.
const MEMORY_BY_ROWS: Ratio = Ratio::hundredths(110);
/// Ads are kept by name until a window ends, so memory does grow with them; accounts with more are only shown.
const JUDGED_ADS: u64 = 1_000;

/// A row for the calls of each pull of many accounts. Then, for each larger pull of one account, a row for its memory
/// over the first such pull, and one over a single day of the same ads.
pub fn rows(pulls: &[Pull]) -> Vec<Row> {
    let (single, many): (Vec<&Pull>, Vec<&Pull>) = pulls.iter().partition(|pull| pull.size.accounts == 1);
    let mut rows: Vec<Row> = many.into_iter().map(calls).collect();
    let Some((least, others)) = single.split_first() else { return rows };
    for pull in others.iter().filter(|pull| pull.size.days == least.size.days) {
        let limit = if pull.size.ads <= JUDGED_ADS { Limit::AtMost(MEMORY) } else { Limit::None };
        rows.push(memory(pull, least, limit));
        let day = others.iter().find(|day| day.size == Size { days: 1, ..pull.size });
        rows.extend(day.map(|day| memory(pull, day, Limit::AtMost(MEMORY_BY_ROWS))));
    }
    rows
}

fn calls(pull: &Pull) -> Row {
    let Size { accounts, days, ads } = pull.size;
    let what =
        format!("{accounts} accounts × {days} days × {ads} ads: Graph calls over pages that must exist");
    void_if_wrong(
        quotient(what, pull.calls, pull.pages(), |calls| calls.to_string(), Limit::AtMost(CALLS)),
        [pull],
    )
}

fn memory(pull: &Pull, base: &Pull, limit: Limit) -> Row {
    let (size, least) = (pull.size, base.size);
    let what = format!(
        "puller, {} days × {} ads over {} × {}: peak memory",
        size.days, size.ads, least.days, least.ads
    );
    void_if_wrong(quotient(what, pull.again, base.again, stats::mib, limit), [pull, base])
}

fn void_if_wrong<'a>(row: Row, pulls: impl IntoIterator<Item = &'a Pull>) -> Row {
    let is_wrong = pulls.into_iter().any(|pull| pull.wrong.is_some());
    Row { verdict: if is_wrong { Verdict::Void } else { row.verdict }, ..row }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pull(accounts: u64, days: u64, ads: u64, calls: u64, again: u64) -> Pull {
        let size = Size { accounts, days, ads };
        Pull { size, calls, idle: 1, first: 1, again, wrong: None }
    }

    #[test]
    fn more_calls_than_pages_and_memory_that_grows_are_over() {
        let pulls = [
            pull(100, 28, 50, 315, 900),
            pull(100, 28, 50, 317, 900),
            pull(1, 28, 50, 3, 1_000),
            pull(1, 1, 1_000, 2, 1_100),
            pull(1, 28, 1_000, 56, 1_250),
            pull(1, 28, 3_000, 168, 1_800),
        ];
        let verdicts: Vec<_> = rows(&pulls).iter().map(|row| row.verdict).collect();
        assert_eq!(verdicts, [Verdict::Ok, Verdict::Over, Verdict::Ok, Verdict::Over, Verdict::Shown]);
    }

    #[test]
    fn figures_of_a_pull_that_stored_the_wrong_sum_prove_nothing() {
        let wrong = Pull { wrong: Some("a cent".to_owned()), ..pull(1, 28, 50, 3, 1_000) };
        let rows = rows(&[pull(100, 28, 50, 300, 900), wrong, pull(1, 28, 1_000, 56, 1_000)]);
        let verdicts: Vec<_> = rows.iter().map(|row| row.verdict).collect();
        assert_eq!(verdicts, [Verdict::Ok, Verdict::Void]);
    }
}
