//! A refresh as the caller may see it: the accounts of other teams are not in it, nor notes that name them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::domain::ad_account::AdAccountId;
use shared::domain::day::{Day, almaty_time};
use shared::domain::refresh::{Job, JobState, Progress};
use shared::domain::rules::Rules;
use shared::edge::caller::Scope;
use shared::edge::pulling::Reason;

#[derive(Serialize)]
pub struct Answer {
    success: bool,
    generated_at: String,
    job_id: String,
    state: JobState,
    requested_at: String,
    finished_at: Option<String>,
    /// Both ends are null where each account's own last 28 days were asked for.
    from: Option<Day>,
    to: Option<Day>,
    accounts: Vec<AccountRow>,
    /// Those of the accounts that the refresh did not wait for, once more.
    postponed: Vec<AccountRow>,
    summary: Summary,
    notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Queued,
    Done,
    Postponed,
    Parked,
}

#[derive(Clone, Serialize)]
struct AccountRow {
    account_id: AdAccountId,
    state: State,
    /// How many rows were pulled.
    rows: Option<u64>,
    finished_at: Option<String>,
    not_before: Option<String>,
    reason: Option<Reason>,
    what_to_do: Option<&'static str>,
    /// What Facebook said.
    message: Option<String>,
}

#[derive(Default, Serialize)]
struct Summary {
    total: usize,
    done: usize,
    postponed: usize,
    parked: usize,
    queued: usize,
}

impl Answer {
    /// As it stands.
    pub fn new(job: &Job, scope: &Scope, rules: &Rules, now: DateTime<Utc>) -> Self {
        let (own, others): (Vec<_>, Vec<_>) =
            job.accounts.iter().partition(|(account, _)| scope.allows(&rules.owner_of(account)));
        let accounts: Vec<AccountRow> =
            own.into_iter().map(|(account, progress)| AccountRow::of(account, progress)).collect();
        let postponed = accounts.iter().filter(|row| row.state == State::Postponed).cloned().collect();
        let asked_for = job.order.accounts.iter().flatten();
        let unseen = asked_for.filter(|account| !scope.allows(&rules.owner_of(account)));
        let foreign: Vec<&AdAccountId> =
            others.into_iter().map(|(account, _)| account).chain(unseen).collect();
        let is_ours = |note: &&String| !foreign.iter().any(|account| note.contains(account.digits()));
        Self {
            success: true,
            generated_at: almaty_time(now),
            job_id: job.order.job_id.clone(),
            state: job.state,
            requested_at: almaty_time(job.order.requested_at),
            finished_at: job.finished_at.map(almaty_time),
            from: job.order.period.map(|period| period.from),
            to: job.order.period.map(|period| period.to),
            summary: Summary::of(&accounts),
            accounts,
            postponed,
            notes: job.notes.iter().filter(is_ours).cloned().collect(),
        }
    }
}

impl AccountRow {
    fn of(account: &AdAccountId, progress: &Progress) -> Self {
        let row = Self {
            account_id: account.clone(),
            state: State::Queued,
            rows: None,
            finished_at: None,
            not_before: None,
            reason: None,
            what_to_do: None,
            message: None,
        };
        let because = |reason: Reason| (Some(reason), Some(reason.what_to_do()));
        match progress {
            Progress::Queued => row,
            Progress::Done { rows, at } => {
                Self { state: State::Done, rows: Some(*rows), finished_at: Some(almaty_time(*at)), ..row }
            }
            Progress::Postponed { until, reason } => {
                let (reason, what_to_do) = because(Reason::Wait(*reason));
                let not_before = Some(almaty_time(*until));
                Self { state: State::Postponed, not_before, reason, what_to_do, ..row }
            }
            Progress::Parked { reason, said } => {
                let (reason, what_to_do) = because(Reason::Park(*reason));
                Self { state: State::Parked, reason, what_to_do, message: Some(said.clone()), ..row }
            }
        }
    }
}

impl Summary {
    fn of(accounts: &[AccountRow]) -> Self {
        let mut summary = Self { total: accounts.len(), ..Self::default() };
        for row in accounts {
            match row.state {
                State::Queued => summary.queued += 1,
                State::Done => summary.done += 1,
                State::Postponed => summary.postponed += 1,
                State::Parked => summary.parked += 1,
            }
        }
        summary
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::TimeDelta;
    use shared::domain::day::Period;
    use shared::domain::refresh::RefreshOrder;
    use shared::domain::sync_state::{ParkReason, WaitReason};
    use shared::domain::team::TeamId;
    use shared::edge::caller::Caller;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-20T05:00:00Z".parse().unwrap()
    }

    /// Muha's account is postponed, Arystan's is done; of three that are nobody's one is parked, one waits, and one was
    /// not found.
    fn job() -> Job {
        let named = [
            "839340528712304",
            "666059476005255",
            "1017000000000001",
            "1017000000000002",
            "1017000000000003",
        ];
        let accounts: BTreeMap<AdAccountId, Progress> = [
            (
                "839340528712304",
                Progress::Postponed {
                    until: now() + TimeDelta::minutes(19),
                    reason: WaitReason::AccountLimit,
                },
            ),
            ("666059476005255", Progress::Done { rows: 1_400, at: now() - TimeDelta::minutes(1) }),
            (
                "1017000000000001",
                Progress::Parked { reason: ParkReason::PermissionMissing, said: "(#200) no".to_owned() },
            ),
            ("1017000000000002", Progress::Queued),
        ]
        .into_iter()
        .map(|(id, progress)| (AdAccountId::parse(id).unwrap(), progress))
        .collect();
        Job {
            order: RefreshOrder {
                job_id: "01931d6c-0000-7000-8000-000000000001".to_owned(),
                period: Period::parse(Some("2026-11-01"), Some("2026-11-20"), now()).ok(),
                accounts: Some(named.iter().filter_map(|id| AdAccountId::parse(id)).collect()),
                requested_at: now() - TimeDelta::minutes(3),
            },
            state: JobState::Running,
            accounts,
            notes: vec![
                "rates of 2026-11-20 are not known yet".to_owned(),
                "ad account 666059476005255 has no name".to_owned(),
                "the token sees no ad account 1017000000000003".to_owned(),
            ],
            finished_at: None,
        }
    }

    fn scope(team: Option<&str>) -> Scope {
        let caller = Caller {
            id: "u".to_owned(),
            is_admin: team.is_none(),
            teams: team.into_iter().map(TeamId::new).collect(),
            has_access_token: true,
        };
        caller.scope(None, &Rules::default()).unwrap()
    }

    #[test]
    fn an_admin_sees_how_far_every_account_is() {
        insta::assert_json_snapshot!(Answer::new(&job(), &scope(None), &Rules::default(), now()));
    }

    #[test]
    fn a_buyer_sees_only_the_own_accounts() {
        insta::assert_json_snapshot!(Answer::new(&job(), &scope(Some("muha")), &Rules::default(), now()));
    }

    #[test]
    fn a_refresh_that_could_not_begin_says_why() {
        let order = RefreshOrder { period: None, ..job().order };
        let failed = Job {
            order,
            state: JobState::Failed,
            accounts: BTreeMap::new(),
            notes: vec!["no access token is stored. Store an access token.".to_owned()],
            finished_at: Some(now()),
        };
        insta::assert_json_snapshot!(Answer::new(&failed, &scope(Some("muha")), &Rules::default(), now()));
    }
}
