//! Start-up of the functions that send messages and sweep.

use aws_config::SdkConfig;

use super::channels::{Channels, Kept, LONGEST_CALL};
use super::compose::Writer;
use super::{Sender, Sweeper};
use crate::edge::config::{self, BadConfig, Tables};
use crate::neighbours::email::Ses;
use crate::neighbours::http;
use crate::neighbours::sms::{self, Mobizon};
use crate::neighbours::telegram::{self, Telegram};
use crate::store::breaker::Breakers;
use crate::store::chat_moves::ChatMoves;
use crate::store::incidents::Incidents;
use crate::store::leads::Leads;
use crate::store::outbox::Outbox;
use crate::store::queue::Queue;
use crate::store::raw::RawHooks;
use crate::store::rules::RuleBooks;
use crate::store::sales::Sales;
use crate::store::secrets::Secret;
use crate::store::settings::Settings;

impl Sender {
    /// As the environment describes it: `TELEGRAM_BASE_URL`, `SECRET_TELEGRAM`, `SMS_BASE_URL`, `SECRET_SMS`,
    /// `EMAIL_FROM`, `QUEUE_NOTIFICATIONS` and the tables.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, BadConfig> {
        let tables = Tables::from_env()?;
        let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
        let secrets = aws_sdk_secretsmanager::Client::new(sdk);
        let secret = |name| Ok::<_, BadConfig>(Secret::new(secrets.clone(), config::required(name)?));
        let outbox = Outbox::new(dynamodb.clone(), tables.notifications);
        let writer = Writer {
            leads: Leads::new(dynamodb.clone(), tables.leads),
            sales: Sales::new(dynamodb.clone(), tables.sales),
            incidents: Incidents::new(dynamodb.clone(), tables.counters),
            outbox: outbox.clone(),
            raws: RawHooks::new(dynamodb.clone(), tables.events),
            settings: Settings::new(dynamodb.clone(), tables.settings.clone()),
            rules: RuleBooks::new(dynamodb.clone(), tables.settings.clone()),
        };
        let channels = Channels {
            telegram: Telegram::new(client("TELEGRAM_BASE_URL")?, &config::required("TELEGRAM_BASE_URL")?),
            telegram_secret: Kept::new(secret("SECRET_TELEGRAM")?, telegram::Credentials::parse),
            moves: ChatMoves::new(dynamodb, tables.settings),
            sms: Mobizon::new(client("SMS_BASE_URL")?, &config::required("SMS_BASE_URL")?),
            sms_secret: Kept::new(secret("SECRET_SMS")?, sms::Credentials::parse),
            email: Ses::new(sdk, config::required("EMAIL_FROM")?, LONGEST_CALL),
        };
        Ok(Self {
            outbox,
            writer,
            channels,
            queue: Queue::new(aws_sdk_sqs::Client::new(sdk), config::required("QUEUE_NOTIFICATIONS")?),
        })
    }
}

impl Sweeper {
    /// As the environment describes it: `QUEUE_NOTIFICATIONS`, `QUEUE_AMOCRM_WRITER` and the tables.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, BadConfig> {
        let tables = Tables::from_env()?;
        let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
        let sqs = aws_sdk_sqs::Client::new(sdk);
        Ok(Self {
            outbox: Outbox::new(dynamodb.clone(), tables.notifications),
            leads: Leads::new(dynamodb.clone(), tables.leads),
            breakers: Breakers::new(dynamodb, tables.settings),
            notifications: Queue::new(sqs.clone(), config::required("QUEUE_NOTIFICATIONS")?),
            amocrm_writer: Queue::new(sqs, config::required("QUEUE_AMOCRM_WRITER")?),
        })
    }
}

fn client(name: &'static str) -> Result<reqwest::Client, BadConfig> {
    http::client(LONGEST_CALL)
        .map_err(|error| BadConfig::Unreadable { name, problem: format!("cannot be called: {error}") })
}
