//! Spend as a test works with it: a turn at the sandbox's Facebook, refreshes, and the reads that show what came of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};

use crate::graph::Delivered;
use crate::people::Caller;
use crate::sandbox::take_back;
use crate::stack::Stack;
use crate::world::{AdAccount, Span, world};
use crate::{Answer, aws, graph, pulling, schedules, wait};

/// There is one Facebook, and what is known of it is everyone's: tests of spend come one after another. All others may
/// run beside them.
static TURN: Mutex<()> = Mutex::const_new(());

const ACCOUNTS: &str = "/api/traffic-facebook/accounts";
const REFRESH: &str = "/api/traffic-facebook/refresh";
const HEALTH: &str = "/api/traffic-facebook/health";
const INSIGHTS: &str = "/api/facebook-ads/insights";

/// A turn at Facebook. What the test made of it is taken back when this is dropped, also by a failing test.
#[derive(Debug)]
pub struct Spend {
    /// The stack.
    pub stack: Stack,
    _turn: MutexGuard<'static, ()>,
}

impl Drop for Spend {
    fn drop(&mut self) {
        for what in ["graph/faults", "graph/world", "nbk/settings"] {
            take_back(&format!("/control/{what}"));
        }
    }
}

/// What insights answer to a question: all rows, and what stands beside them.
#[derive(Debug)]
pub struct Insights {
    /// The rows of all pages.
    pub rows: Vec<Value>,
    /// The first page.
    pub page: Value,
}

impl Spend {
    /// A turn with these accounts, of which nothing is known yet.
    pub async fn of(accounts: &[AdAccount]) -> Self {
        // Whoever waits for a turn holds nobody up who needs the stack alone.
        let turn = TURN.lock().await;
        Self::begin_turn(Stack::open().await, turn, &world(accounts)).await
    }

    /// The same, for who sends forms too.
    pub async fn for_forms(accounts: &[AdAccount]) -> Self {
        let turn = TURN.lock().await;
        Self::begin_turn(Stack::for_forms().await, turn, &world(accounts)).await
    }

    /// The same without any other test on the stack, for who breaks more than Facebook.
    pub async fn alone(accounts: &[AdAccount]) -> Self {
        let turn = TURN.lock().await;
        Self::begin_turn(Stack::alone().await, turn, &world(accounts)).await
    }

    async fn begin_turn(stack: Stack, turn: MutexGuard<'static, ()>, world: &Value) -> Self {
        let spend = Self { stack, _turn: turn };
        schedules::stop().await;
        pulling::forget().await;
        graph::faults(&[]).await;
        graph::enter(world).await;
        graph::forget_asked().await;
        spend
    }

    /// Asks for a refresh.
    pub async fn ask_refresh(&self, caller: &Caller, order: &Value) -> Answer {
        self.stack.post_json(caller, REFRESH, order).await
    }

    /// How far a refresh is.
    pub async fn job(&self, caller: &Caller, id: &str) -> Answer {
        self.stack.get(caller, &format!("{REFRESH}/{id}")).await
    }

    /// Refreshes as the admin, waits for the end, and returns what became of it.
    pub async fn refresh(&self, order: &Value) -> Job {
        let begun = self.ask_refresh(&Caller::Admin, order).await.accepted();
        assert_eq!((&begun["joined"], &begun["state"]), (&false.into(), &"queued".into()), "{begun}");
        self.until_ended(begun["job_id"].as_str().expect("an id")).await
    }

    /// The same, where every account has to be pulled.
    pub async fn refresh_all(&self, order: &Value) -> Job {
        let job = self.refresh(order).await;
        let summary = &job.0["summary"];
        assert_eq!((job.state(), &summary["done"]), ("done", &summary["total"]), "{}", job.0);
        job
    }

    /// Waits for the end of a refresh.
    pub async fn until_ended(&self, id: &str) -> Job {
        wait::until(&format!("refresh {id} to end"), async || {
            let job = self.job(&Caller::Admin, id).await.ok();
            ["done", "failed"].contains(&job["state"].as_str().expect("a state")).then_some(Job(job))
        })
        .await
    }

    /// Refreshes all, and waits for no delay on the way: whatever is put off comes at once.
    pub async fn refresh_hurriedly(&self, order: &Value) -> Job {
        let begun = self.ask_refresh(&Caller::Admin, order).await.accepted();
        let id = begun["job_id"].as_str().expect("an id");
        wait::until(&format!("refresh {id} to be hurried to its end"), async || {
            let job = Job(self.job(&Caller::Admin, id).await.ok());
            match job.state() {
                "done" => return Some(job),
                "running" if pulling::until_idle().await > 0 => drop(pulling::hurry().await),
                _ => {}
            }
            None
        })
        .await
    }

    /// Waits until an account of a refresh is in this state.
    pub async fn until_account(&self, id: &str, account: &str, state: &str) -> Value {
        wait::until(&format!("account {account} of refresh {id} to be {state}"), async || {
            let row = Job(self.job(&Caller::Admin, id).await.ok()).account(account);
            (row["state"] == state).then_some(row)
        })
        .await
    }

    /// What the schedule does: orders so many days of every account. Returns how many accounts were ordered.
    pub async fn plan(&self, days: u64) -> u64 {
        let report = aws::invoke("facebook-plan", &json!({ "days": days })).await.expect("a plan");
        report["ordered"].as_u64().unwrap_or_else(|| panic!("no count in {report}"))
    }

    /// The same, and waits until it is carried out as far as it can be now. Returns how many orders are put off.
    pub async fn pull(&self, days: u64) -> u64 {
        self.plan(days).await;
        pulling::until_idle().await
    }

    /// The accounts as the admin sees them, by id.
    pub async fn accounts(&self) -> BTreeMap<String, Value> {
        by_account(&self.stack.get(&Caller::Admin, ACCOUNTS).await.ok()["items"])
    }

    /// Whether Facebook can be asked.
    pub async fn health(&self) -> Value {
        self.stack.get(&Caller::Admin, HEALTH).await.ok()
    }

    /// Whether an account can be.
    pub async fn health_of(&self, account: &str) -> Value {
        let health = self.health().await;
        let found = by_account(&health["accounts"]).remove(account);
        found.unwrap_or_else(|| panic!("no account {account} in {health}"))
    }

    /// The whole answer of insights to the admin.
    pub async fn insights(&self, question: &str) -> Insights {
        self.insights_of(&Caller::Admin, question).await
    }

    /// The whole answer of insights.
    pub async fn insights_of(&self, caller: &Caller, question: &str) -> Insights {
        let (mut rows, mut first, mut cursor) = (vec![], None, String::new());
        loop {
            let path = format!("{INSIGHTS}?{question}&limit=500{cursor}");
            let page = self.stack.get(caller, &path).await.ok();
            rows.extend(page["rows"].as_array().expect("rows").iter().cloned());
            let next = page.get("next_cursor").and_then(Value::as_str);
            let next = next.map(|next| format!("&cursor={next}"));
            let page = first.get_or_insert(page);
            match next {
                Some(next) => cursor = next,
                None => return Insights { rows, page: page.clone() },
            }
        }
    }

    /// Fails where what is shown of these days is not what Facebook says, account by account and day by day.
    pub async fn assert_as_facebook(&self, span: Span) {
        let question = format!("{}&level=account&granularity=day", span.query());
        let (shown, told) = tokio::join!(self.insights(&question), graph::sums(span));
        assert_eq!(by_account_and_day(&shown.rows), told.days().into_iter().collect::<BTreeMap<_, _>>());
    }

    /// The funnel.
    pub async fn funnel(&self, caller: &Caller, question: &str) -> Value {
        self.stack.get(caller, &format!("/api/traffic-dashboard/funnel?{question}")).await.ok()
    }
}

/// A refresh as the admin sees it.
#[derive(Debug)]
pub struct Job(pub Value);

impl Job {
    /// Queued, running, done or failed.
    pub fn state(&self) -> &str {
        self.0["state"].as_str().expect("a state")
    }

    /// Its id.
    pub fn id(&self) -> &str {
        self.0["job_id"].as_str().expect("an id")
    }

    /// How far an account is; null where it is not in it.
    pub fn account(&self, id: &str) -> Value {
        by_account(&self.0["accounts"]).remove(id).unwrap_or_default()
    }

    /// The accounts in a state.
    pub fn in_state(&self, state: &str) -> Vec<String> {
        let rows = by_account(&self.0["accounts"]);
        rows.into_iter().filter(|(_, row)| row["state"] == state).map(|(id, _)| id).collect()
    }

    /// What did not work on the way.
    pub fn notes(&self) -> Vec<&str> {
        let notes = self.0["notes"].as_array().expect("notes");
        notes.iter().map(|note| note.as_str().expect("a text")).collect()
    }
}

/// What was delivered, by account and day, as rows of insights show it; a day that only sold is not among them.
fn by_account_and_day(rows: &[Value]) -> BTreeMap<(String, String), Delivered> {
    let text = |row: &Value, name: &str| row[name].as_str().expect("a text").to_owned();
    let days = rows.iter().map(|row| ((text(row, "account_id"), text(row, "day")), Delivered::shown(row)));
    days.filter(|(_, delivered)| *delivered != Delivered::default()).collect()
}

fn by_account(rows: &Value) -> BTreeMap<String, Value> {
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| (row["account_id"].as_str().expect("an account").to_owned(), row.clone())).collect()
}
