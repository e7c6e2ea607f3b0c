//! Answers every path that has no function of its own.

mod handler;
mod pages;

use std::path::PathBuf;

use lambda_http::Error;
use pages::Pages;
use shared::edge::{config, http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    // Lambda names the folder that the function was unpacked into.
    let folder = PathBuf::from(config::required("LAMBDA_TASK_ROOT")?).join("site");
    let pages = &Pages::read(&folder)?;
    http::run(|request| async move { handler::answer(pages, &request) }).await
}
