//! Who the caller is and which teams they may see.

mod handler;

use lambda_http::{Error, Request};
use shared::domain::rules::Rules;
use shared::edge::sign_in::Account;
use shared::edge::{aws, http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let me = handler::Me {
        account: Account::new(&aws::sdk_config(aws::FOR_PEOPLE).await?),
        rules: Rules::default(),
    };
    http::run(|request: Request| me.answer(request)).await
}
