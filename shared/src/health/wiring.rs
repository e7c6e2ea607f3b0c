//! Start-up of the functions that ask neighbours about tokens, or replace these.

use aws_config::SdkConfig;

use super::amocrm::AmocrmDoor;
use super::doors::{Doors, LONGEST_CALL, SupabaseUrls};
use super::{Secrets, TokenChecks};
use crate::domain::crm::slots::SlotRules;
use crate::domain::secret::Neighbour;
use crate::domain::token_health::Token;
use crate::edge::config::{self, AmocrmLimits, BadConfig, Tables};
use crate::neighbours::http;
use crate::neighbours::openai::OpenAi;
use crate::neighbours::sms::Mobizon;
use crate::neighbours::telegram::Telegram;
use crate::store::ads::Ads;
use crate::store::amocrm_rate::RateLimit;
use crate::store::audit::Audit;
use crate::store::chat_moves::ChatMoves;
use crate::store::gate::Gate;
use crate::store::locked_secret::{LockedSecret, OF_AMOCRM};
use crate::store::secrets::Secret;
use crate::store::token_healths::TokenHealths;
use crate::sync::crm::amocrm::LONGEST_CALL as LONGEST_CALL_TO_AMOCRM;

impl TokenChecks {
    /// As the environment describes it: `FACEBOOK_BASE_URL`, `AMOCRM_BASE_URL` and its limits, `OPENAI_BASE_URL`,
    /// `TELEGRAM_BASE_URL`, `SMS_BASE_URL`, a `SECRET_…` of each, and the tables.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, BadConfig> {
        let tables = Tables::from_env()?;
        let of = |token, neighbour| Ok::<_, BadConfig>((token, locked(sdk, &tables, neighbour)?));
        Ok(Self {
            doors: doors(sdk, &tables, None)?,
            secrets: [
                of(Token::Facebook, Neighbour::Facebook)?,
                of(Token::Amocrm, Neighbour::Amocrm)?,
                of(Token::Openai, Neighbour::Openai)?,
                of(Token::Telegram, Neighbour::Telegram)?,
                of(Token::Sms, Neighbour::Sms)?,
            ],
            store: TokenHealths::new(aws_sdk_dynamodb::Client::new(sdk), tables.settings),
        })
    }
}

impl Secrets {
    /// The same, with `SUPABASE_LANDING_URL`, `SUPABASE_TRIPWIRE_URL` and `SECRET_SUPABASE`.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, BadConfig> {
        let tables = Tables::from_env()?;
        let supabase = SupabaseUrls {
            landing: config::required("SUPABASE_LANDING_URL")?,
            tripwire: config::required("SUPABASE_TRIPWIRE_URL")?,
        };
        let of = |neighbour: Neighbour| Ok((neighbour.as_str(), locked(sdk, &tables, neighbour)?));
        let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
        Ok(Self {
            doors: doors(sdk, &tables, Some(supabase))?,
            secrets: Neighbour::ALL.into_iter().map(of).collect::<Result<_, BadConfig>>()?,
            audit: Audit::new(dynamodb.clone(), tables.counters.clone()),
            store: TokenHealths::new(dynamodb, tables.settings),
        })
    }
}

/// The secret of a neighbour, to be read.
pub fn secret(sdk: &SdkConfig, neighbour: Neighbour) -> Result<Secret, BadConfig> {
    Ok(Secret::new(aws_sdk_secretsmanager::Client::new(sdk), config::required(variable(neighbour))?))
}

fn variable(neighbour: Neighbour) -> &'static str {
    match neighbour {
        Neighbour::Facebook => "SECRET_FACEBOOK",
        Neighbour::Amocrm => "SECRET_AMOCRM",
        Neighbour::Telegram => "SECRET_TELEGRAM",
        Neighbour::Sms => "SECRET_SMS",
        Neighbour::Openai => "SECRET_OPENAI",
        Neighbour::Supabase => "SECRET_SUPABASE",
    }
}

fn locked(sdk: &SdkConfig, tables: &Tables, neighbour: Neighbour) -> Result<LockedSecret, BadConfig> {
    let own = format!("secret-{}", neighbour.as_str());
    let lock = if neighbour == Neighbour::Amocrm { OF_AMOCRM } else { &own };
    Ok(LockedSecret::new(
        aws_sdk_secretsmanager::Client::new(sdk),
        config::required(variable(neighbour))?,
        aws_sdk_dynamodb::Client::new(sdk),
        tables.settings.clone(),
        lock,
    ))
}

impl AmocrmDoor {
    /// By `AMOCRM_BASE_URL`, which may be empty, and its limits.
    pub(crate) fn from_env(sdk: &SdkConfig, tables: &Tables) -> Result<Self, BadConfig> {
        const BASE: &str = "AMOCRM_BASE_URL";
        let unusable =
            |error| BadConfig::Unreadable { name: BASE, problem: format!("cannot be called: {error}") };
        let http = http::client(LONGEST_CALL_TO_AMOCRM.to_std().unwrap_or_default()).map_err(unusable)?;
        // The same rules as of everyone else who holds slots of this limit.
        let slots = AmocrmLimits::from_env()?.requests_per_second();
        let rules = SlotRules { slots, longest_call: LONGEST_CALL_TO_AMOCRM };
        let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
        let limit = RateLimit::new(dynamodb, tables.settings.clone(), rules);
        Ok(Self { http, base: config::required(BASE)?, limit })
    }
}

fn doors(sdk: &SdkConfig, tables: &Tables, supabase: Option<SupabaseUrls>) -> Result<Doors, BadConfig> {
    let unusable =
        |error| BadConfig::Unreadable { name: "HTTPS", problem: format!("cannot be spoken: {error}") };
    let http = http::client(LONGEST_CALL).map_err(unusable)?;
    let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
    Ok(Doors {
        facebook: config::required("FACEBOOK_BASE_URL")?,
        gate: Gate::new(
            dynamodb.clone(),
            tables.settings.clone(),
            Ads::new(dynamodb.clone(), tables.ads.clone()),
        ),
        amocrm: AmocrmDoor::from_env(sdk, tables)?,
        openai: OpenAi::new(http.clone(), &config::required("OPENAI_BASE_URL")?),
        telegram: Telegram::new(http.clone(), &config::required("TELEGRAM_BASE_URL")?),
        moves: ChatMoves::new(dynamodb, tables.settings.clone()),
        sms: Mobizon::new(http.clone(), &config::required("SMS_BASE_URL")?),
        supabase,
        http,
    })
}
