//! `debug_token`: what a token is worth. A dead token is a good answer here, with the death in it.

use serde_json::{Value, json};

use super::Scene;
use crate::graph::errors::{GraphError, dead_token, invalid};
use crate::graph::reply::Payload;
use crate::graph::world::TokenState;

/// The inspection.
pub fn inspect(scene: &Scene<'_>) -> Result<Value, GraphError> {
    let world = scene.world;
    let input =
        scene.call.get("input_token").ok_or_else(|| invalid("The parameter input_token is required"))?;
    let token = &world.token;
    if input != token.access_token {
        return Ok(json!({ "data": { "error": fault(None), "is_valid": false, "scopes": [] } }));
    }
    let granular = token.scopes.iter().map(|scope| json!({ "scope": scope }));
    let mut data = json!({
        "app_id": world.app.id,
        "type": "SYSTEM_USER",
        "application": world.app.name,
        "is_valid": token.state == TokenState::Valid,
        "issued_at": token.issued_at,
        "expires_at": token.expires_at,
        "data_access_expires_at": token.data_access_expires_at,
        "scopes": token.scopes,
        "granular_scopes": granular.collect::<Vec<_>>(),
        "user_id": token.user_id,
    });
    if token.state != TokenState::Valid {
        data["error"] = fault(Some(token.state));
    }
    Ok(json!({ "data": data }))
}

/// An error as it stands in `data`: code, message, subcode.
fn fault(state: Option<TokenState>) -> Value {
    let Payload::Json(body) = dead_token(state).reply(0).body else { return Value::Null };
    let error = &body["error"];
    let mut fault = json!({ "code": error["code"], "message": error["message"] });
    if !error["error_subcode"].is_null() {
        fault["subcode"] = error["error_subcode"].clone();
    }
    fault
}
