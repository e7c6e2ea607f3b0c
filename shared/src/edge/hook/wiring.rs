//! Start-up of the functions that take in hooks.

use aws_config::SdkConfig;
use lambda_http::Error;

use super::{Intake, Receiver, Replayer};
use crate::domain::event::Route;
use crate::edge::config::{self, BadConfig, HookConfig, Tables};
use crate::edge::{aws, http, logs};
use crate::store::ads::Ads;
use crate::store::event_log::EventLog;
use crate::store::hook_queue::HookQueue;
use crate::store::ledger::{Ledger, LedgerTables};
use crate::store::queue::Queue;
use crate::store::raw::RawHooks;
use crate::store::rules::RuleBooks;

/// The intake that the environment describes, and the queue for what it cannot take.
pub fn intake_from_env(sdk: &SdkConfig) -> Result<(Intake, HookQueue), BadConfig> {
    let (tables, hooks) = (Tables::from_env()?, HookConfig::from_env()?);
    let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
    let (ads, settings) = (Ads::new(dynamodb.clone(), tables.ads), tables.settings);
    let tables = LedgerTables {
        events: tables.events,
        sales: tables.sales,
        counters: tables.counters,
        notifications: tables.notifications,
    };
    let rules = RuleBooks::new(dynamodb.clone(), settings);
    let ledger = Ledger::new(dynamodb, tables, ads, rules);
    let sqs = aws_sdk_sqs::Client::new(sdk);
    let messages = Queue::new(sqs.clone(), hooks.notifications);
    Ok((Intake::new(ledger, hooks.accounts, messages), HookQueue::new(sqs, hooks.retry_queue)))
}

/// What replays hooks, as the environment describes it.
pub fn replayer_from_env(sdk: &SdkConfig) -> Result<Replayer, BadConfig> {
    let (intake, _) = intake_from_env(sdk)?;
    let (client, table) = (aws_sdk_dynamodb::Client::new(sdk), Tables::from_env()?.events);
    let raws = RawHooks::new(client.clone(), table.clone());
    Ok(Replayer { intake, log: EventLog::new(client, table), raws })
}

/// Runs the webhook of one route.
pub async fn serve(route: Route) -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_HOOKS).await?;
    let (intake, queue) = intake_from_env(&sdk)?;
    let receiver = &Receiver { route, keys: config::webhook_keys()?, intake, queue };
    http::run(|request| async { Ok(receiver.answer(request).await) }).await
}
