//! Pulling spend: the calls to Facebook, whether what is stored is right, and memory.
//!
//! 1. The sandbox holds a world of a wanted size, as Facebook.
//! 2. Our discovery finds its accounts; our nightly plan sends an order for each. What they send is what the puller gets,
//!    so page size and windows are those that are deployed.
//! 3. Our puller works off one order after another, in one process. What it puts back into the queue it gets again, at
//!    once.
//! 4. The sandbox's record says how often it was called, and its own sums are held against what is stored.

mod stored;

use std::{path::Path, sync::Arc, time::Duration};

use serde_json::{Value, json};

use crate::{aws::Aws, error::Result, events, programs::Program, sandbox::Sandbox, stage::Stage};

/// Rows that Facebook gives on one page, as it is asked today; fewer would make more pages of the same rows.
const PAGE_ROWS: u64 = 500;
/// Orders that may come of one before something is wrong.
const MOST_TURNS: u64 = 20;

/// A world, by its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Ad accounts.
    pub accounts: u64,
    /// Days that are pulled, of which the last is today.
    pub days: u64,
    /// Ads of each, every one of which delivers every day.
    pub ads: u64,
}

/// One pull of a world.
#[derive(Clone, Debug)]
pub struct Pull {
    /// The world.
    pub size: Size,
    /// Calls to Facebook.
    pub calls: u64,
    /// The puller's memory before its first order, in KiB.
    pub idle: u64,
    /// The most it ever had when the world was pulled once, in KiB.
    pub first: u64,
    /// The most it ever had when the world was pulled again in the same process, in KiB.
    pub again: u64,
    /// What was wrong with what it answered or stored.
    pub wrong: Option<String>,
}

impl Pull {
    /// Rows of the whole world.
    pub fn rows(&self) -> u64 {
        self.size.accounts * self.size.days * self.size.ads
    }

    /// The calls that cannot be done without: each account's rows, page by page.
    pub fn pages(&self) -> u64 {
        self.size.accounts * (self.size.days * self.size.ads).div_ceil(PAGE_ROWS)
    }
}

/// The three functions that spend comes in by.
pub struct Pullers {
    sandbox: Sandbox,
    discover: Program,
    plan: Program,
    pull: Program,
}

impl Pullers {
    /// The release binaries in this folder, and a sandbox of their own.
    pub async fn start(folder: &Path) -> Result<Self> {
        let sandbox = Sandbox::start(folder).await?;
        // The timeouts of `template.yaml`.
        let program = |name: &'static str, seconds| {
            let program = Program::binary(name, name, folder).with_timeout(Duration::from_secs(seconds));
            program.with("FACEBOOK_BASE_URL", sandbox.graph())
        };
        let (discover, plan) = (program("facebook-discover", 60), program("facebook-plan", 30));
        let pull = program("facebook-pull", 60);
        Ok(Self { sandbox, discover, plan, pull })
    }

    /// The programs, for who empties their logs.
    pub fn programs(&self) -> [&Program; 3] {
        [&self.discover, &self.plan, &self.pull]
    }

    /// Pulls a world of this size twice: the first pull finds nothing stored, the second replaces all of it.
    pub async fn pull(&self, size: Size) -> Result<Pull> {
        self.sandbox.enter(size.accounts, size.ads).await?;
        let aws = Arc::new(Aws::default());
        aws.set_secret(&Sandbox::secret());
        let mut turn = Turn { aws, wrong: None };
        let found = json!({ "accounts": size.accounts, "notes": [] });
        turn.once(&self.discover, events::schedule(size.days), &found).await?;
        turn.aws.take_messages();

        let mut puller = Stage::start_with(&self.pull, Arc::clone(&turn.aws)).await?;
        let idle = puller.memory()?.peak_kib;
        let orders = self.orders(&mut turn, size).await?;
        self.sandbox.forget().await?;
        turn.work_off(&mut puller, orders.clone()).await?;
        let calls = self.sandbox.calls().await?;
        let first = puller.memory()?.peak_kib;
        self.compare(&mut turn, size, &orders).await?;

        let orders = self.orders(&mut turn, size).await?;
        turn.work_off(&mut puller, orders.clone()).await?;
        let again = puller.memory()?.peak_kib;
        self.compare(&mut turn, size, &orders).await?;
        puller.stop().await?;
        Ok(Pull { size, calls, idle, first, again, wrong: turn.wrong })
    }

    async fn orders(&self, turn: &mut Turn, size: Size) -> Result<Vec<String>> {
        let ordered = json!({ "ordered": size.accounts, "notes": [] });
        turn.once(&self.plan, events::schedule(size.days), &ordered).await?;
        Ok(turn.aws.take_messages())
    }

    async fn compare(&self, turn: &mut Turn, size: Size, orders: &[String]) -> Result<()> {
        let order: Value =
            orders.first().and_then(|order| serde_json::from_str(order).ok()).unwrap_or_default();
        let days = &order["work"]["insights"][0]["days"];
        let (Some(from), Some(to)) = (days["from"].as_str(), days["to"].as_str()) else {
            turn.blame(format!("an order names no days: {order:.300}"));
            return Ok(());
        };
        let told = self.sandbox.days(from, to).await?;
        turn.wrong_if(stored::compare(&told, &turn.aws, size));
        Ok(())
    }
}

/// One AWS, and the first thing that was wrong.
struct Turn {
    aws: Arc<Aws>,
    wrong: Option<String>,
}

impl Turn {
    /// Starts a program for one event.
    async fn once(&mut self, program: &Program, event: axum::body::Bytes, expected: &Value) -> Result<()> {
        let mut stage = Stage::start_with(program, Arc::clone(&self.aws)).await?;
        let answer = stage.invoke(event).await?;
        self.judge(program.name, &answer.body, expected);
        stage.stop().await
    }

    /// Works off orders until none is left.
    async fn work_off(&mut self, puller: &mut Stage, orders: Vec<String>) -> Result<()> {
        let mut left = MOST_TURNS * orders.len() as u64;
        let mut queue = std::collections::VecDeque::from(orders);
        while let Some(order) = queue.pop_front() {
            if left == 0 {
                self.blame(format!("orders come back again and again, such as {order:.300}"));
                break;
            }
            left -= 1;
            let answer = puller.invoke(events::message(&order)).await?;
            self.judge("facebook-pull", &answer.body, &json!({ "batchItemFailures": [] }));
            queue.extend(self.aws.take_messages());
        }
        Ok(())
    }

    fn judge(&mut self, name: &str, answer: &[u8], expected: &Value) {
        let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
        if answer != *expected {
            self.blame(format!("{name} answered {answer:.300} instead of {expected}"));
        }
    }

    fn wrong_if(&mut self, problem: Option<String>) {
        if let Some(problem) = problem {
            self.blame(problem);
        }
    }

    fn blame(&mut self, problem: String) {
        self.wrong.get_or_insert(problem);
    }
}
