//! The sandbox's own sums of what it would answer now, so that a test need not add up pages.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::{Account, Campaign, Figures, World};

impl World {
    /// Per account, per account and day, and per campaign, over the days from `from` to `to`.
    pub fn sums(&self, from: NaiveDate, to: NaiveDate, now: DateTime<Utc>) -> Value {
        let (mut accounts, mut days, mut campaigns) = (Vec::new(), Vec::new(), Vec::new());
        for account in &self.accounts {
            let mut whole = Figures::default();
            for day in from.iter_days().take_while(|day| *day <= to) {
                let rows = account.ads().filter_map(|(_, _, ad)| self.delivered(account, ad, day, now));
                let sum = rows.fold(Figures::default(), Figures::plus);
                if sum == Figures::default() {
                    continue;
                }
                whole = whole.plus(sum);
                days.push(told(account, sum, json!({ "day": day })));
            }
            accounts.push(told(account, whole, json!({ "name": account.name })));
            for campaign in &account.campaigns {
                let sum = self.campaign(account, campaign, from, to, now);
                if sum != Figures::default() {
                    let names = json!({ "campaign_id": campaign.id, "campaign_name": campaign.name });
                    campaigns.push(told(account, sum, names));
                }
            }
        }
        json!({ "accounts": accounts, "days": days, "campaigns": campaigns })
    }

    fn campaign(
        &self,
        account: &Account,
        campaign: &Campaign,
        from: NaiveDate,
        to: NaiveDate,
        now: DateTime<Utc>,
    ) -> Figures {
        let ads = campaign.adsets.iter().flat_map(|set| &set.ads);
        let days = || from.iter_days().take_while(|day| *day <= to);
        let rows = ads.flat_map(|ad| days().filter_map(move |day| self.delivered(account, ad, day, now)));
        rows.fold(Figures::default(), Figures::plus)
    }
}

fn told(account: &Account, figures: Figures, mut about: Value) -> Value {
    about["account_id"] = json!(account.id);
    about["currency"] = json!(account.currency);
    about["spend"] = json!(figures.spend.unwrap_or_default().to_string());
    about["impressions"] = json!(figures.impressions.unwrap_or(0));
    about["clicks"] = json!(figures.clicks.unwrap_or(0));
    about["link_clicks"] = json!(figures.link_clicks.unwrap_or(0));
    about
}
