//! Rate limits: what was used up, who is blocked until when, and the headers that tell.
//!
//! Points and calls are counted in sliding windows of whole seconds. A block opened by the score grows with every
//! call made in it, as Facebook's does; one opened by a fault lasts as long as it says.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use super::address::Edge;
use super::errors::{GraphError, account_limit};
use super::world::Tier;

/// The score of an account is forgotten after so many seconds.
const SCORE_SPAN: i64 = 300;
const HOUR: i64 = 3600;

/// Whom a block shuts out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    App,
    Insights,
    Account(String),
}

/// A time in which every call is refused alike.
#[derive(Debug, Clone)]
pub struct Block {
    pub until: DateTime<Utc>,
    pub refusal: GraphError,
    /// Which headers name its end.
    pub in_seconds: bool,
    pub in_minutes: bool,
    pub by_fault: bool,
}

/// Everything counted.
#[derive(Default)]
pub struct Usage {
    score: HashMap<String, Window>,
    calls: HashMap<(String, bool), Window>,
    app: Window,
    blocks: HashMap<Scope, Block>,
    /// Calls made in spite of a block, by account; `app` for blocks of the whole app.
    pub while_blocked: BTreeMap<String, u64>,
}

impl Usage {
    /// The refusal, where a block stands in the way. Counts the call.
    pub fn refuse(
        &mut self,
        account: Option<&str>,
        edge: Edge,
        tier: Tier,
        now: DateTime<Utc>,
    ) -> Option<GraphError> {
        self.blocks.retain(|_, block| now < block.until);
        let own = account.map(|account| Scope::Account(account.to_owned()));
        let insights = edge.is_insights().then_some(Scope::Insights);
        let mut scopes = [Some(Scope::App), insights, own].into_iter().flatten();
        let scope = scopes.find(|scope| self.blocks.contains_key(scope))?;
        let block = self.blocks.get_mut(&scope)?;
        if !block.by_fault {
            block.until = now + tier.block();
        }
        let name = match scope {
            Scope::Account(account) => account,
            Scope::App | Scope::Insights => "app".to_owned(),
        };
        *self.while_blocked.entry(name).or_default() += 1;
        Some(block.refusal.clone())
    }

    /// Counts a call; the one that goes beyond the score is refused and opens a block.
    pub fn spend(
        &mut self,
        account: Option<&str>,
        edge: Edge,
        tier: Tier,
        now: DateTime<Utc>,
    ) -> Result<(), GraphError> {
        let second = now.timestamp();
        self.app.add(second, 1, HOUR);
        let Some(account) = account else { return Ok(()) };
        self.calls.entry((account.to_owned(), edge.is_insights())).or_default().add(second, 1, HOUR);
        let points = if edge == Edge::ReportStart { 3 } else { 1 };
        let score = self.score.entry(account.to_owned()).or_default();
        score.add(second, points, SCORE_SPAN);
        if score.total(second, SCORE_SPAN) <= tier.score() {
            return Ok(());
        }
        let refusal = account_limit();
        let block = Block {
            until: now + tier.block(),
            refusal: refusal.clone(),
            in_seconds: true,
            in_minutes: false,
            by_fault: false,
        };
        self.blocks.insert(Scope::Account(account.to_owned()), block);
        Err(refusal)
    }

    /// Opens a block.
    pub fn block(&mut self, scope: Scope, block: Block) {
        self.blocks.insert(scope, block);
    }

    /// Ends the blocks that faults opened.
    pub fn lift_faults(&mut self) {
        self.blocks.retain(|_, block| !block.by_fault);
    }

    /// The headers of an answer. `code` is the error's: whoever is refused for its usage sees 100 percent and more.
    pub fn headers(
        &mut self,
        account: Option<&str>,
        edge: Edge,
        tier: Tier,
        active_ads: u64,
        code: (Option<i64>, Option<i64>),
        now: DateTime<Utc>,
    ) -> Vec<(&'static str, String)> {
        let second = now.timestamp();
        let hot = |codes: &[i64]| code.0.is_some_and(|code| codes.contains(&code));
        let refused = |percent: u64, hot: bool| if hot { percent.max(100) } else { percent };
        // Two hundred calls an hour for each of a thousand users.
        let app = refused(self.app.total(second, HOUR) / 2000, hot(&[4]) && code.1.is_none());
        let mut headers = vec![(
            "x-app-usage",
            format!(r#"{{"call_count":{app},"total_time":{},"total_cputime":{}}}"#, app / 2, app / 3),
        )];
        let insights_hot = hot(&[4]) && code.1.is_some();
        let Some(account) = account else {
            if edge.is_insights() {
                headers.push(insights_throttle(refused(app, insights_hot), "0", tier));
            }
            return headers;
        };
        let block = self.blocks.get(&Scope::Account(account.to_owned())).cloned();
        let left = block.as_ref().map_or(0, |block| (block.until - now).num_milliseconds().max(0));
        let seconds = if block.as_ref().is_some_and(|block| block.in_seconds) { ceil(left, 1000) } else { 0 };
        let minutes =
            if block.as_ref().is_some_and(|block| block.in_minutes) { ceil(left, 60_000) } else { 0 };
        let points = self.score.entry(account.to_owned()).or_default().total(second, SCORE_SPAN);
        let hundredths = refused(points * 100 / tier.score(), hot(&[17])) * 100
            + if hot(&[17]) { 0 } else { points * 10_000 / tier.score() % 100 };
        let score = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        let name = tier.name();
        headers.push((
            "x-ad-account-usage",
            format!(
                r#"{{"acc_id_util_pct":{score},"reset_time_duration":{seconds},"ads_api_access_tier":"{name}"}}"#
            ),
        ));
        let insights = edge.is_insights();
        let calls = self.calls.entry((account.to_owned(), insights)).or_default().total(second, HOUR);
        let calls = refused(calls * 100 / tier.hourly(insights, active_ads), hot(&[80_000, 80_004]));
        let kind = if insights { "ads_insights" } else { "ads_management" };
        headers.push((
            "x-business-use-case-usage",
            format!(
                r#"{{"{account}":[{{"type":"{kind}","call_count":{calls},"total_cputime":{},"total_time":{},"estimated_time_to_regain_access":{minutes},"ads_api_access_tier":"{name}"}}]}}"#,
                calls / 4,
                calls / 3,
            ),
        ));
        if insights {
            headers.push(insights_throttle(refused(app, insights_hot), &score, tier));
        }
        headers
    }
}

fn insights_throttle(app: u64, account: &str, tier: Tier) -> (&'static str, String) {
    let name = tier.name();
    (
        "x-fb-ads-insights-throttle",
        format!(r#"{{"app_id_util_pct":{app},"acc_id_util_pct":{account},"ads_api_access_tier":"{name}"}}"#),
    )
}

fn ceil(value: i64, unit: i64) -> i64 {
    (value + unit - 1) / unit
}

impl Tier {
    fn score(self) -> u64 {
        match self {
            Self::Limited => 60,
            Self::Full => 9000,
        }
    }

    /// How long an account is blocked for.
    pub fn block(self) -> TimeDelta {
        match self {
            Self::Limited => TimeDelta::seconds(300),
            Self::Full => TimeDelta::seconds(60),
        }
    }

    fn hourly(self, insights: bool, active_ads: u64) -> u64 {
        match (self, insights) {
            (Self::Limited, true) => 600 + 400 * active_ads,
            (Self::Full, true) => 190_000 + 400 * active_ads,
            (Self::Limited, false) => 300 + 40 * active_ads,
            (Self::Full, false) => 100_000 + 40 * active_ads,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Limited => "development_access",
            Self::Full => "standard_access",
        }
    }
}

/// Counts by second.
#[derive(Default)]
struct Window(VecDeque<(i64, u64)>);

impl Window {
    fn add(&mut self, second: i64, count: u64, span: i64) {
        match self.0.back_mut() {
            Some((last, sum)) if *last == second => *sum += count,
            _ => self.0.push_back((second, count)),
        }
        self.total(second, span);
    }

    fn total(&mut self, second: i64, span: i64) -> u64 {
        while self.0.front().is_some_and(|(first, _)| *first <= second - span) {
            self.0.pop_front();
        }
        self.0.iter().map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn spend(usage: &mut Usage, second: i64) -> bool {
        usage.spend(Some("1"), Edge::Insights, Tier::Limited, at(second)).is_ok()
    }

    fn header(usage: &mut Usage, name: &str, code: Option<i64>, second: i64) -> Value {
        let headers = usage.headers(Some("1"), Edge::Insights, Tier::Limited, 10, (code, None), at(second));
        let (_, text) = headers.into_iter().find(|(found, _)| *found == name).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn sixty_points_pass_and_the_next_call_is_blocked_for_five_minutes() {
        let mut usage = Usage::default();
        assert!((0..60).all(|_| spend(&mut usage, 0)));
        assert!(!spend(&mut usage, 1));
        let refused =
            |usage: &mut Usage, second| usage.refuse(Some("1"), Edge::Ads, Tier::Limited, at(second));
        assert_eq!(refused(&mut usage, 2), Some(account_limit()));
        assert_eq!(usage.while_blocked["1"], 1);
        let header = header(&mut usage, "x-ad-account-usage", Some(17), 2);
        assert_eq!(header["reset_time_duration"], 300);
        assert!(header["acc_id_util_pct"].as_f64().unwrap() >= 100.0);
        assert!(refused(&mut usage, 301).is_some(), "the call at second 2 made the block longer");
        assert!(refused(&mut usage, 601).is_none());
        assert!(spend(&mut usage, 601));
    }

    #[test]
    fn other_accounts_are_not_touched() {
        let mut usage = Usage::default();
        (0..61).for_each(|_| assert!(spend(&mut usage, 0) || usage.score.len() == 1));
        assert!(usage.refuse(Some("2"), Edge::Ads, Tier::Limited, at(1)).is_none());
    }

    #[test]
    fn the_headers_tell_percentages_and_the_end_of_a_block() {
        let mut usage = Usage::default();
        (0..7).for_each(|_| assert!(spend(&mut usage, 0)));
        assert_eq!(header(&mut usage, "x-ad-account-usage", None, 0)["acc_id_util_pct"].to_string(), "11.66");
        let block = Block {
            until: at(90),
            refusal: account_limit(),
            in_seconds: false,
            in_minutes: true,
            by_fault: true,
        };
        usage.block(Scope::Account("1".into()), block);
        let business = header(&mut usage, "x-business-use-case-usage", Some(80_000), 0);
        assert_eq!(business["1"][0]["estimated_time_to_regain_access"], 2);
        assert_eq!(business["1"][0]["call_count"], 100);
        usage.lift_faults();
        assert!(usage.refuse(Some("1"), Edge::Ads, Tier::Limited, at(1)).is_none());
    }
}
