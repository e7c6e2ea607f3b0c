//! What is wrong now, kind by kind, from our own store and our queues: no neighbour is asked.
//!
//! Each kind is read for itself, side by side, though some read the same items: what cannot be read leaves the other kinds
//! as they are, and a queue that cannot be counted the other queues.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, Utc};
use futures::future::{join_all, try_join_all};
use shared::domain::day::Period;
use shared::domain::incident::{self, Kind, Seen, Sighting, Topic};
use shared::domain::money::Money;
use shared::domain::reconciliation::{Asked, Judgement, compared_days};
use shared::domain::rules::Rules;
use shared::domain::settings::AlertSettings;
use shared::domain::token_health::{Found, Token};
use shared::edge::caller::Scope;
use shared::edge::config::{BadConfig, Tables};
use shared::edge::dead_letters::Source;
use shared::edge::freshness::{self, Freshness, Status};
use shared::store::StoreError;
use shared::store::ads::{Ads, Visible};
use shared::store::breaker::Breakers;
use shared::store::dead_queue::DeadQueue;
use shared::store::events::Events;
use shared::store::gate::{self, Gate};
use shared::store::leads_by_team::LeadsByTeam;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;
use shared::store::token_healths::TokenHealths;
use shared::sync::crm::amocrm;

/// Looks around.
pub struct Look {
    tokens: TokenHealths,
    reconciliations: Reconciliations,
    events: Events,
    leads: LeadsByTeam,
    ads: Ads,
    gate: Gate,
    breakers: Breakers,
    rules: RuleBooks,
    queues: Vec<(Source, DeadQueue)>,
}

/// What was read of one kind.
type Read = Result<Vec<Sighting>, StoreError>;

impl Look {
    /// Over these tables, and the queues of dead letters by their variables (`QUEUE_…_DLQ`).
    pub fn from_env(
        dynamodb: &Client,
        sqs: &aws_sdk_sqs::Client,
        tables: &Tables,
    ) -> Result<Self, BadConfig> {
        let queues = Source::ALL.into_iter().map(|source| Ok((source, source.dead_letters(sqs)?)));
        let ads = Ads::new(dynamodb.clone(), tables.ads.clone());
        Ok(Self {
            tokens: TokenHealths::new(dynamodb.clone(), tables.settings.clone()),
            reconciliations: Reconciliations::new(dynamodb.clone(), tables.counters.clone()),
            events: Events::new(dynamodb.clone(), tables.events.clone()),
            leads: LeadsByTeam::new(dynamodb.clone(), tables.leads.clone()),
            gate: Gate::new(dynamodb.clone(), tables.settings.clone(), ads.clone()),
            ads,
            breakers: Breakers::new(dynamodb.clone(), tables.settings.clone()),
            rules: RuleBooks::new(dynamodb.clone(), tables.settings.clone()),
            queues: queues.collect::<Result<_, BadConfig>>()?,
        })
    }

    /// When Telegram last said that it takes our messages; nothing where it takes none.
    pub async fn telegram_good_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let answered = self.tokens.kept().await?.remove(&Token::Telegram).and_then(|kept| kept.answered);
        Ok(answered.filter(|check| matches!(check.found, Found::Good(_))).map(|check| check.checked_at))
    }

    /// Everything that is wrong.
    pub async fn around(&self, settings: &AlertSettings, now: DateTime<Utc>) -> Seen {
        let (tokens, hooks, proof, sources, (letters, unread_topics), breakers, limits) = tokio::join!(
            self.tokens(settings, now),
            self.hooks(),
            self.proof(settings, now),
            self.sources(now),
            self.dead_letters(),
            self.breakers(settings, now),
            self.daily_limits(now),
        );
        let mut seen = Seen { sightings: letters, unread_topics, ..Seen::default() };
        for (kind, read) in [
            (Kind::Token, tokens),
            (Kind::HookDisabled, hooks),
            (Kind::Proof, proof),
            (Kind::SourceStale, sources),
            (Kind::Breaker, breakers),
            (Kind::DailyLimit, limits),
        ] {
            match read {
                Ok(sightings) => seen.sightings.extend(sightings),
                Err(error) => {
                    tracing::error!(incident.kind = kind.as_str(), error = %error, "what fell off cannot be seen");
                    seen.unread.insert(kind);
                }
            }
        }
        seen
    }

    async fn tokens(&self, settings: &AlertSettings, now: DateTime<Utc>) -> Read {
        let kept = self.tokens.kept().await?;
        Ok(kept.iter().filter_map(|(name, kept)| incident::token(*name, kept, settings, now)).collect())
    }

    /// Where amoCRM has never shown its subscriptions nothing is wrong with them. Once it has, what it showed last stays.
    async fn hooks(&self) -> Read {
        let findings = self.reconciliations.state().await?.hooks.and_then(|hooks| hooks.findings);
        Ok(incident::hooks(&findings.unwrap_or_default()))
    }

    /// Where amoCRM was never tried to be read there is nothing to prove.
    async fn proof(&self, settings: &AlertSettings, now: DateTime<Utc>) -> Read {
        let period = compared_days(now);
        let (state, days) =
            tokio::try_join!(self.reconciliations.state(), self.reconciliations.days(period))?;
        if state.tried_at.is_none() {
            return Ok(vec![]);
        }
        let judgement = Judgement::of(&Asked { period, keeps: &|_| true, now }, &days, &state, None);
        Ok(incident::proof(&judgement, settings).into_iter().collect())
    }

    async fn sources(&self, now: DateTime<Utc>) -> Read {
        let (rules, scope) = self.everything().await?;
        let (sales, newest_lead, standing, accounts) = tokio::try_join!(
            freshness::of_sales(&self.events, &self.reconciliations, now),
            self.leads.newest(&scope),
            self.gate.standing(None),
            self.ads.visible(&scope, &rules),
        )?;
        let mut sources = sales;
        sources.extend(freshness::of_leads(newest_lead, now));
        if accounts.iter().any(|account| standing.decided.is_on(account.id())) {
            sources.extend(freshness::of_spend(&standing, &accounts, now));
        }
        Ok(late(&sources))
    }

    /// What the queues that answer hold, and the topics of those that do not.
    async fn dead_letters(&self) -> (Vec<Sighting>, BTreeSet<String>) {
        let counts = self.queues.iter().map(async |(source, queue)| (*source, queue.waiting().await));
        let (mut seen, mut unread) = (vec![], BTreeSet::new());
        for (source, waiting) in join_all(counts).await {
            match waiting {
                Ok(waiting) => seen.extend(incident::dead_letters(source.as_str(), waiting)),
                Err(error) => {
                    let id = Topic::new(Kind::DeadLetters, source.as_str()).id();
                    tracing::error!(incident.id = id, error = %error, "what fell off cannot be seen");
                    unread.insert(id);
                }
            }
        }
        (seen, unread)
    }

    async fn breakers(&self, settings: &AlertSettings, now: DateTime<Utc>) -> Read {
        let read = [gate::BREAKER, amocrm::BREAKER].map(async |name| {
            let breaker = self.breakers.read(name).await?;
            Ok::<_, StoreError>(incident::breaker(name, &breaker, settings, now))
        });
        Ok(try_join_all(read).await?.into_iter().flatten().collect())
    }

    async fn daily_limits(&self, now: DateTime<Utc>) -> Read {
        let (rules, scope) = self.everything().await?;
        let (standing, accounts) =
            tokio::try_join!(self.gate.standing(None), self.ads.visible(&scope, &rules))?;
        let limit = |account: &Visible| standing.decided.0.get(account.id())?.daily_limit;
        let limited: Vec<Visible> = accounts.into_iter().filter(|account| limit(account).is_some()).collect();
        let today = |account: &Visible| account.account().today(now);
        // Accounts of other zones are in other days.
        let (Some(from), Some(to)) = (limited.iter().map(today).min(), limited.iter().map(today).max())
        else {
            return Ok(vec![]);
        };
        let days = self.ads.visible_days(&limited, Period { from, to }).await?;
        let over = limited.iter().filter_map(|account| {
            let day = days.iter().find(|day| day.account_id == *account.id() && day.day == today(account))?;
            let spent = Money { amount: day.total.spend, currency: day.currency };
            incident::daily_limit(account.id(), day.day, spent, limit(account)?)
        });
        Ok(over.collect())
    }

    async fn everything(&self) -> Result<(Rules, Scope), StoreError> {
        let rules = self.rules.fresh().await?.now().clone();
        let scope = Scope::everything(&rules);
        Ok((rules, scope))
    }
}

/// The sources that are late. One that has not begun to speak is not: nothing is connected yet. Spend is not asked for
/// before an account is known, and one account that was never pulled makes it late.
fn late(sources: &Freshness) -> Vec<Sighting> {
    let late = sources.iter().filter(|(name, source)| match source.status {
        Status::Fresh => false,
        Status::Stale => true,
        Status::Never => **name == "spend",
    });
    let sighting = |(name, source): (&&'static str, &freshness::SourceFreshness)| {
        incident::stale(name, source.last_success_at.as_deref(), source.reason.as_deref())
    };
    late.map(sighting).collect()
}

#[cfg(test)]
mod tests {
    use shared::edge::freshness::SourceFreshness;

    use super::*;

    #[test]
    fn a_source_is_late_when_it_was_there_and_spend_also_before() {
        let of = |status| SourceFreshness {
            last_success_at: None,
            stale: status != Status::Fresh,
            status,
            reason: None,
        };
        let names = |sales, leads, spend| -> Vec<String> {
            let sources = [("sales", of(sales)), ("leads", of(leads)), ("spend", of(spend))].into();
            late(&sources).into_iter().map(|sighting| sighting.topic.subject).collect()
        };
        assert_eq!(names(Status::Never, Status::Never, Status::Never), ["spend"]);
        assert_eq!(names(Status::Stale, Status::Stale, Status::Stale), ["leads", "sales", "spend"]);
        assert!(names(Status::Fresh, Status::Fresh, Status::Fresh).is_empty());
    }
}
