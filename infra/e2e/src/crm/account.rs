//! The account that the sandbox plays: what it holds, what it was asked, and how it goes wrong.

use serde_json::{Value, json};

use super::Crm;
use crate::guests::Guest;
use crate::sandbox::control;

impl Crm {
    /// Everything that the account holds.
    pub async fn world(&self) -> Value {
        control("GET", "/control/amocrm/world", None).await
    }

    /// The deals of a person, the oldest first.
    pub async fn deals_of(&self, guest: &Guest) -> Vec<Value> {
        let path = format!("/control/amocrm/leads?phone={}", guest.last_ten());
        let told = control("GET", &path, None).await;
        let mut deals = told["leads"].as_array().expect("deals").clone();
        deals.sort_by_key(|deal| deal["id"].as_u64());
        deals
    }

    /// The only deal of a person.
    pub async fn deal_of(&self, guest: &Guest) -> Value {
        let mut deals = self.deals_of(guest).await;
        assert_eq!(deals.len(), 1, "{deals:#?}");
        deals.remove(0)
    }

    /// Changes a deal as a person does by hand.
    pub async fn change(&self, deal: u64, change: &Value) {
        control("PATCH", &format!("/control/amocrm/leads/{deal}"), Some(change)).await;
    }

    /// Adds people and deals to the account.
    pub async fn add(&self, more: &Value) {
        control("POST", "/control/amocrm/leads", Some(more)).await;
    }

    /// Switches these faults on and all others off.
    pub async fn fail(&self, faults: &[Value]) {
        control("PUT", "/control/amocrm/faults", Some(&json!({ "faults": faults }))).await;
    }

    /// How many calls the faults struck so far.
    pub async fn hits(&self) -> u64 {
        let told = control("GET", "/control/amocrm/faults", None).await;
        told["faults"].as_array().expect("faults").iter().map(|fault| fault["hits"].as_u64().unwrap()).sum()
    }

    /// What amoCRM was asked.
    pub async fn asked(&self) -> Asked {
        Asked(control("GET", "/control/amocrm/requests", None).await)
    }

    /// Starts the record of what was asked anew.
    pub async fn forget_asked(&self) {
        control("DELETE", "/control/amocrm/requests", None).await;
    }

    /// Ends all access tokens of OAuth.
    pub async fn expire_access_tokens(&self) {
        control("POST", "/control/amocrm/expire_access_token", None).await;
    }
}

/// What amoCRM was asked.
#[derive(Debug)]
pub struct Asked(Value);

impl Asked {
    /// Every request, in order.
    pub fn all(&self) -> &[Value] {
        self.0["requests"].as_array().expect("requests")
    }

    /// How many there were at an edge.
    pub fn count_at(&self, edge: &str) -> usize {
        self.all().iter().filter(|request| request["edge"] == edge).count()
    }

    /// How many changed something, or tried to.
    pub fn writes(&self) -> usize {
        self.all().iter().filter(|request| request["method"] != "GET" && request["edge"] != "token").count()
    }

    /// How many there were in the fullest second.
    pub fn peak(&self) -> u64 {
        self.0["peak_per_second"].as_u64().expect("a count")
    }
}
