//! `GET /api/admin/settings` and `GET /api/admin/settings/{section}`

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use serde_json::Value;
use shared::domain::settings::Section;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::store::saved_settings::{SavedSettings, Versioned};

/// Answers admins.
pub struct Configured {
    /// Where it is kept.
    pub settings: SavedSettings,
}

#[derive(Serialize)]
struct SectionAnswer {
    success: bool,
    section: &'static str,
    #[serde(flatten)]
    held: Versioned,
    /// What it would hold if nobody had changed it.
    defaults: Value,
}

#[derive(Serialize)]
struct SectionsAnswer {
    success: bool,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    section: &'static str,
    version: u64,
}

impl Configured {
    /// Answers one request.
    pub async fn answer(&self, request: Request) -> Result<Response<Body>, ApiError> {
        const UNKNOWN: ApiError = ApiError::NotFound("There is no such section.");
        Caller::admin(&request)?;
        let path = request.path_parameters_ref();
        match path.and_then(|path| path.first("section")) {
            Some(name) => self.section(Section::parse(name).ok_or(UNKNOWN)?).await,
            None => self.all().await,
        }
    }

    async fn section(&self, section: Section) -> Result<Response<Body>, ApiError> {
        let held = self.settings.section(section).await?;
        let (section, defaults) = (section.name(), section.defaults());
        http::json(StatusCode::OK, &SectionAnswer { success: true, section, held, defaults })
    }

    async fn all(&self) -> Result<Response<Body>, ApiError> {
        let mut items = vec![];
        for section in Section::ALL {
            let version = self.settings.section(section).await?.version;
            items.push(Item { section: section.name(), version });
        }
        http::json(StatusCode::OK, &SectionsAnswer { success: true, items })
    }
}
