//! Notes of a deal.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::fields::MOST;
use super::page::{List, Page};

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    params: Option<Params>,
}

#[derive(Deserialize)]
struct Params {
    #[serde(default)]
    text: Option<Value>,
}

impl Amocrm {
    /// The texts of one page of a deal's notes.
    pub async fn notes(&self, deal: u64, page: u32) -> Answer<Page<String>> {
        let path = format!("leads/{deal}/notes");
        let query = [("limit", MOST), ("page", &page.to_string())];
        let list: Option<List<Row>> = self.call(Call::get(Asked::OneThing, &path, &query)).await?;
        let text = |row: Row| row.params?.text?.as_str().map(str::to_owned);
        Ok(Page::of(list, text))
    }

    /// Adds a note to a deal.
    pub async fn add_note(&self, deal: u64, text: &str) -> Answer<()> {
        let path = format!("leads/{deal}/notes");
        let body = json!([{"note_type": "common", "params": { "text": text }}]);
        self.call::<Value>(Call::write(Method::POST, Asked::OneThing, &path, body)).await.map(drop)
    }
}
