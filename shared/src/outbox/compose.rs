//! What a message says and to whom, read where it stands at the moment of sending.

use chrono::{DateTime, Utc};

use crate::domain::email::Email;
use crate::domain::incident::{News, Telling};
use crate::domain::lead::Lead;
use crate::domain::message::{self, Mail, Texts};
use crate::domain::notification::{Channel, Delivery, Notification, Subject};
use crate::domain::phone::Phone;
use crate::domain::rules::Rules;
use crate::domain::sale::SaleId;
use crate::domain::settings::AlertSettings;
use crate::edge::clock;
use crate::neighbours::amocrm::deal_name::deal_name;
use crate::store::StoreError;
use crate::store::incidents::{self, Incidents};
use crate::store::leads::Leads;
use crate::store::outbox::Outbox;
use crate::store::raw::RawHooks;
use crate::store::rules::RuleBooks;
use crate::store::sales::Sales;
use crate::store::settings::Settings;

/// A message as its channel takes it.
pub enum Letter {
    /// In MarkdownV2, to the school's chat.
    Telegram(String),
    /// To a phone.
    Sms(Phone, String),
    /// To an address.
    Email(Email, Mail),
}

impl Letter {
    fn is_empty(&self) -> bool {
        match self {
            Self::Telegram(text) | Self::Sms(_, text) => text.trim().is_empty(),
            Self::Email(_, mail) => mail.text.trim().is_empty(),
        }
    }
}

/// Writes messages.
pub struct Writer {
    /// Who is written to.
    pub leads: Leads,
    /// What is told of.
    pub sales: Sales,
    /// What fell off.
    pub incidents: Incidents,
    /// What became of the messages before.
    pub outbox: Outbox,
    /// The names of deals.
    pub raws: RawHooks,
    /// The texts.
    pub settings: Settings,
    /// The teams, and what things cost.
    pub rules: RuleBooks,
}

impl Writer {
    /// The letter of a message, or why there is none, now or ever.
    pub async fn write(&self, notification: &Notification) -> Result<Result<Letter, Delivery>, StoreError> {
        let texts: Texts = self.settings.section(message::SECTION).await?;
        let book = self.rules.fresh().await?;
        let rules = book.now();
        let letter = match (notification.channel, &notification.subject) {
            (Channel::Telegram, Subject::Sale { sale_id, raw_id }) => {
                self.of_sale(&texts, rules, sale_id, raw_id).await?
            }
            (Channel::Telegram, Subject::Incident { id, opened_at, news }) => {
                self.of_incident(id, *opened_at, *news).await?
            }
            (channel @ (Channel::Sms | Channel::Email), Subject::Lead(id)) => {
                let lead = self.leads.get(id).await?;
                lead.map(|lead| of_lead(&texts, rules, channel, &lead))
                    .ok_or_else(|| Delivery::never("there is no such lead"))
            }
            _ => Err(Delivery::never("there is no text for this")),
        };
        let empty = || Delivery::fails_without_person("its text in the settings is empty: write one");
        Ok(letter.and_then(|letter| if letter.is_empty() { Err(empty()) } else { Ok(letter) }))
    }

    /// An incident is told of as it stands now, and not at all where that is no longer news.
    async fn of_incident(
        &self,
        id: &str,
        opened_at: DateTime<Utc>,
        news: News,
    ) -> Result<Result<Letter, Delivery>, StoreError> {
        let Some(incident) = self.incidents.get(id, opened_at).await? else {
            return Ok(Err(Delivery::never("there is no such incident")));
        };
        let mut before = vec![];
        if news == News::Ended {
            for said in incident.told_to_be() {
                let message = self.outbox.get(&incidents::message_id(&incident, said)).await?;
                before.extend(message.map(|message| message.state));
            }
        }
        let settings: AlertSettings = self.settings.section(AlertSettings::SECTION).await?;
        Ok(match incident.telling(news, &before, &settings, clock::now()) {
            Telling::Now => Ok(Letter::Telegram(message::of_incident(&incident, news))),
            Telling::At(due_at) => {
                Err(Delivery::At { reason: "it is told after quiet hours".to_owned(), due_at })
            }
            Telling::Behind => Err(Delivery::later("what was told before it is still on its way")),
            Telling::Never(reason) => Err(Delivery::never(reason)),
        })
    }

    /// A sale that was cancelled meanwhile, or became one of another product, is told of as it stands now.
    async fn of_sale(
        &self,
        texts: &Texts,
        rules: &Rules,
        sale_id: &str,
        raw_id: &str,
    ) -> Result<Result<Letter, Delivery>, StoreError> {
        let unknown = || Delivery::never("there is no such sale");
        let Some(id) = SaleId::parse(sale_id) else { return Ok(Err(unknown())) };
        let deal = self.sales.deal(id.deal).await?;
        let Some(sale) = deal.as_ref().and_then(|deal| deal.sale_once_of(id.product)) else {
            return Ok(Err(unknown()));
        };
        let raw = self.raws.body(raw_id).await?;
        let name = raw.and_then(|bytes| deal_name(&bytes, id.deal.lead));
        let team = sale.team.as_ref().and_then(|team| rules.team(team.as_str()));
        Ok(Ok(Letter::Telegram(message::by_telegram(texts, sale, team, name.as_deref()))))
    }
}

fn of_lead(texts: &Texts, rules: &Rules, channel: Channel, lead: &Lead) -> Letter {
    let products = &rules.products.list;
    match channel {
        Channel::Email => Letter::Email(lead.email.clone(), message::by_email(texts, lead, products)),
        _ => Letter::Sms(lead.phone.clone(), message::by_sms(texts, lead, products)),
    }
}
