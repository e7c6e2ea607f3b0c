//! Start-up of the functions that take in forms.

use chrono::TimeDelta;
use lambda_http::Error;

use super::lead::LeadMaker;
use super::receive::{FormLimits, Receiver};
use crate::domain::lead::Form;
use crate::edge::config::{self, BadConfig, Tables};
use crate::edge::{aws, clock, http, logs};
use crate::store::ads::Ads;
use crate::store::lead_book::{LeadBook, LeadTables};
use crate::store::queue::Queue;
use crate::store::rules::RuleBooks;
use crate::store::tries::{Limit, Tries};

/// Runs the function of one form.
pub async fn serve(form: Form) -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let tables = Tables::from_env()?;
    let dynamodb = aws_sdk_dynamodb::Client::new(&sdk);
    let sqs = aws_sdk_sqs::Client::new(&sdk);
    let leads =
        LeadTables { leads: tables.leads, counters: tables.counters, notifications: tables.notifications };
    let rules = RuleBooks::new(dynamodb.clone(), tables.settings.clone());
    let receiver = &Receiver {
        form,
        book: LeadBook::new(dynamodb.clone(), leads),
        tries: Tries::new(dynamodb.clone(), tables.settings),
        limits: FormLimits {
            of_person: Limit { tries: number("FORMS_PER_PERSON")?, window: TimeDelta::hours(1) },
            of_address: Limit { tries: number("FORMS_PER_ADDRESS")?, window: TimeDelta::minutes(10) },
        },
        maker: LeadMaker { ads: Ads::new(dynamodb, tables.ads), rules },
        writer: Queue::new(sqs.clone(), config::required("QUEUE_AMOCRM_WRITER")?),
        messages: Queue::new(sqs, config::required("QUEUE_NOTIFICATIONS")?),
    };
    http::run(|request| async { Ok(receiver.answer(request, clock::now()).await) }).await
}

fn number(name: &'static str) -> Result<i64, BadConfig> {
    let problem = |error: std::num::ParseIntError| BadConfig::Unreadable { name, problem: error.to_string() };
    config::required(name)?.parse().map_err(problem)
}
