//! Logs: one JSON object a line, never with a body, key, token, phone or e-mail in it.

use tracing::Level;

/// Starts logging; called once, first thing in `main`.
pub fn start() {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(false)
        // The runtime and the SDK say what they do at INFO and below; we say what came of it.
        .with_max_level(Level::INFO)
        .init();
}
