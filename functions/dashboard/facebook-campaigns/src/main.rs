//! The campaigns of an ad account with what they cost and what came of them.

mod handler;

use lambda_http::Error;
use shared::domain::rules::Rules;
use shared::edge::ad_figures::AdFigures;
use shared::edge::config::Tables;
use shared::edge::{aws, clock, http, logs};
use shared::store::ads::Ads;
use shared::store::answers::Answers;
use shared::store::counters::Counters;
use shared::store::events::Events;
use shared::store::gate::Gate;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let tables = Tables::from_env()?;
    let client = aws_sdk_dynamodb::Client::new(&aws::sdk_config(aws::FOR_PEOPLE).await?);
    let ads = Ads::new(client.clone(), tables.ads);
    let figures = AdFigures {
        ads: ads.clone(),
        counters: Counters::new(client.clone(), tables.counters),
        events: Events::new(client.clone(), tables.events),
        answers: Answers::new(client.clone(), tables.settings.clone()),
        gate: Gate::new(client, tables.settings, ads),
        rules: Rules::default(),
    };
    let handler = handler::Campaigns { figures };
    http::run(|request| handler.answer(request, clock::now())).await
}
