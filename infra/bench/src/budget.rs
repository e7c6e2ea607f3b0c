//! The budgets: one row per promise, each judged against its limit.

mod row;
mod spend;

use std::{cmp::Reverse, collections::BTreeMap};

use self::row::{Limit, judged, quotient, row};
pub use self::row::{Row, Verdict};

use crate::{
    measure::{Cold, Funnel, Pull, Warm, WarmFigures},
    stats::{self, Ratio},
    subject::{Role, Work},
};

/// Times and memory of our hook over the bare function's.
const OVER_BARE: Ratio = Ratio::hundredths(130);
const NODE_WARM: Ratio = Ratio::hundredths(500);
const NODE_INIT: Ratio = Ratio::hundredths(1_000);
const NODE_MEMORY: Ratio = Ratio::hundredths(20);
const FUNNEL: Ratio = Ratio::hundredths(110);
const ZIP_BYTES: u64 = 5_000_000;

/// Everything that was measured.
pub struct Figures {
    /// By program.
    pub cold: BTreeMap<Role, Cold>,
    /// By program, work and delay.
    pub warm: WarmFigures,
    /// Zipped functions by name, in bytes.
    pub zips: Vec<(&'static str, u64)>,
    /// The funnel's reads.
    pub funnel: Funnel,
    /// The pulls of spend.
    pub pulls: Vec<Pull>,
    /// Why Node was not measured, if it was not.
    pub no_node: Option<String>,
}

impl Figures {
    /// All rows, in the order of the budget table.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = self.answers();
        rows.extend(self.calls());
        rows.extend(self.void_if_wrong(&[Role::Hook], self.over(Role::Bare, "bare")));
        rows.extend(self.void_if_wrong(&[Role::Hook], self.over(Role::Empty, "empty")));
        rows.extend(self.void_if_wrong(&[Role::Hook, Role::Node], self.node()));
        rows.extend(self.void_if_wrong(&[Role::Hook], self.sizes()));
        rows.push(self.funnel_reads());
        rows.extend(spend::rows(&self.pulls));
        rows
    }

    /// Every wrong answer that was seen, first of its kind.
    pub fn wrong_answers(&self) -> impl Iterator<Item = &String> {
        let pulls = self.pulls.iter().filter_map(|pull| pull.wrong.as_ref());
        self.warm.wrong.values().chain(&self.funnel.wrong).chain(pulls)
    }

    fn void_if_wrong(&self, roles: &[Role], mut rows: Vec<Row>) -> Vec<Row> {
        if roles.iter().any(|role| self.warm.wrong.contains_key(role)) {
            rows.iter_mut().for_each(|row| row.verdict = Verdict::Void);
        }
        rows
    }

    /// A figure of wrong answers proves nothing, so right answers are a budget of their own.
    fn answers(&self) -> Vec<Row> {
        let wrong = |role| self.warm.wrong.get(&role);
        let mut rows = vec![judged("every measured answer of the hook is right", wrong(Role::Hook))];
        if self.no_node.is_none() {
            rows.push(judged("every measured answer of the Node hook is right", wrong(Role::Node)));
        }
        rows.push(judged("the funnel counts every sale", self.funnel.wrong.as_ref()));
        let pull = self.pulls.iter().find_map(|pull| pull.wrong.as_ref());
        rows.push(judged("spend is stored as Facebook told it, to the cent", pull));
        rows
    }

    fn calls(&self) -> Vec<Row> {
        let row_of = |work, limit, extra| {
            let calls = &self.hook(work, 0).calls;
            let (transactions, sends) = (calls.of("TransactWriteItems"), calls.of("SendMessage"));
            let kept = transactions == 1 && sends <= extra && calls.total() == transactions + sends;
            let verdict = if kept { Verdict::Ok } else { Verdict::Over };
            row(format!("AWS calls, {work}"), calls.to_string(), "", limit, verdict)
        };
        vec![row_of(Work::NewSale, "1 transaction, ≤ 1 send", 1), row_of(Work::Duplicate, "1 transaction", 0)]
    }

    /// Our hook over a function that does less.
    fn over(&self, base: Role, name: &str) -> Vec<Row> {
        let limit = || if base == Role::Bare { Limit::AtMost(OVER_BARE) } else { Limit::None };
        let mut rows = Vec::new();
        for work in [Work::NewSale, Work::Duplicate] {
            for (delay, aws) in [(0, "AWS at once"), (3, "AWS after 3 ms")] {
                let (ours, theirs) = (self.hook(work, delay), self.warm_of(base, Work::Same, delay));
                let what = format!("{work} over {name}: time, {aws}");
                // With AWS at once, what the fake AWS costs would weigh more than what it stands for.
                let limit_of_time = if delay == 0 { Limit::None } else { limit() };
                rows.push(quotient(what, ours.wall, theirs.wall, stats::us, limit_of_time));
                let what = format!("{work} over {name}: own time, {aws}");
                rows.push(quotient(what, ours.own, theirs.own, stats::us, limit()));
                let what = format!("{work} over {name}: processor time, {aws}");
                rows.push(quotient(what, ours.cpu, theirs.cpu, stats::us, limit()));
            }
        }
        let (ours, theirs) = (self.peak(Role::Hook), self.peak(base));
        rows.push(quotient(format!("hook over {name}: peak memory"), ours, theirs, stats::mib, limit()));
        let cold = |role| self.cold.get(&role).map_or(0, |cold| cold.init + cold.first);
        let (ours, theirs) = (cold(Role::Hook), cold(base));
        rows.push(quotient(
            format!("hook over {name}: init + first event"),
            ours,
            theirs,
            stats::ms,
            limit(),
        ));
        rows
    }

    fn node(&self) -> Vec<Row> {
        if let Some(reason) = &self.no_node {
            return vec![row(
                "Node with Powertools over the hook".to_owned(),
                reason.clone(),
                "",
                "",
                Verdict::NotRun,
            )];
        }
        let mut rows = Vec::new();
        for work in [Work::NewSale, Work::Duplicate] {
            for (delay, aws) in [(0, "AWS at once"), (3, "AWS after 3 ms")] {
                // The budget is about the event with all its calls. After 3 ms a call, both mostly wait for AWS.
                let judged = delay == 0 && work == Work::NewSale;
                let limit = if judged { Limit::AtLeast(NODE_WARM) } else { Limit::None };
                let (node, ours) = (self.warm_of(Role::Node, work, delay).own, self.hook(work, delay).own);
                rows.push(quotient(
                    format!("Node over hook: {work}, own time, {aws}"),
                    node,
                    ours,
                    stats::us,
                    limit,
                ));
            }
        }
        let init = |role| self.cold.get(&role).map_or(0, |cold| cold.init);
        let limit = Limit::AtLeast(NODE_INIT);
        rows.push(quotient(
            "Node over hook: init".to_owned(),
            init(Role::Node),
            init(Role::Hook),
            stats::ms,
            limit,
        ));
        let (ours, node) = (self.peak(Role::Hook), self.peak(Role::Node));
        let limit = Limit::AtMost(NODE_MEMORY);
        rows.push(quotient("hook over Node: peak memory".to_owned(), ours, node, stats::mib, limit));
        rows
    }

    /// The largest first.
    fn sizes(&self) -> Vec<Row> {
        let row_of = |(name, bytes): (&str, u64)| {
            let verdict = if bytes <= ZIP_BYTES { Verdict::Ok } else { Verdict::Over };
            let limit = format!("≤ {}", stats::mb(ZIP_BYTES));
            row(format!("zipped function {name}"), stats::mb(bytes), "", &limit, verdict)
        };
        let mut zips = self.zips.clone();
        zips.sort_by_key(|(_, bytes)| Reverse(*bytes));
        zips.into_iter().map(row_of).collect()
    }

    fn funnel_reads(&self) -> Row {
        let (few, many) = (self.funnel.few.half_units(), self.funnel.many.half_units());
        let what = "30-day funnel, 1,000,000 sales over 1,000: half read units".to_owned();
        let row = quotient(what, many, few, |units| units.to_string(), Limit::AtMost(FUNNEL));
        let void = self.funnel.wrong.as_ref().map(|_| Verdict::Void);
        Row { verdict: void.unwrap_or(row.verdict), ..row }
    }

    fn hook(&self, work: Work, delay: u64) -> Warm {
        self.warm_of(Role::Hook, work, delay)
    }

    fn warm_of(&self, role: Role, work: Work, delay: u64) -> Warm {
        self.warm.by_work.get(&(role, work, delay)).cloned().unwrap_or_default()
    }

    fn peak(&self, role: Role) -> u64 {
        self.warm.memory.get(&role).map_or(0, |memory| memory.peak_kib)
    }
}
