//! The rows as a file for a spreadsheet. Each cell is read from the row that the screen gets, so that they agree.

use csv::Writer;
use serde_json::Value;
use shared::domain::sale::Sale;
use shared::edge::rows::SaleRow;
use thiserror::Error;

/// The columns, and where each stands in a row.
const COLUMNS: [(&str, &str); 26] = [
    ("sale_id", "/sale_id"),
    ("account_id", "/account_id"),
    ("lead_id", "/lead_id"),
    ("product", "/product"),
    ("team", "/team"),
    ("state", "/state"),
    ("amount", "/amount/amount"),
    ("currency", "/amount/currency"),
    ("amount_source", "/amount_source"),
    ("sold_at", "/sold_at"),
    ("day", "/day"),
    ("received_at", "/received_at"),
    ("verified", "/verified"),
    ("utm_campaign", "/utm/utm_campaign"),
    ("utm_source", "/utm/utm_source"),
    ("utm_content", "/utm/utm_content"),
    ("utm_term", "/utm/utm_term"),
    ("utm_medium", "/utm/utm_medium"),
    ("trail_source", "/trail/source"),
    ("trail_field", "/trail/field"),
    ("trail_read_by", "/trail/read_by"),
    ("trail_read_from", "/trail/read_from"),
    ("trail_value", "/trail/value"),
    ("trail_pattern", "/trail/pattern"),
    ("trail_reason", "/trail/reason"),
    ("versions", "/versions"),
];

/// A row that cannot be written.
#[derive(Debug, Error)]
pub enum BadFile {
    /// Not even as JSON.
    #[error("a row is not JSON: {0}")]
    Row(#[from] serde_json::Error),
    /// Not as CSV.
    #[error("a row is not CSV: {0}")]
    Cell(#[from] csv::Error),
    /// The file as a whole.
    #[error("the file is broken: {0}")]
    File(String),
}

/// Writes a file with a header line.
pub fn write(sales: &[Sale]) -> Result<String, BadFile> {
    let mut file = Writer::from_writer(vec![]);
    file.write_record(COLUMNS.map(|(name, _)| name))?;
    for sale in sales {
        let row = serde_json::to_value(SaleRow::from(sale))?;
        file.write_record(COLUMNS.map(|(_, pointer)| row.pointer(pointer).map(cell).unwrap_or_default()))?;
    }
    let bytes = file.into_inner().map_err(|error| BadFile::File(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| BadFile::File(error.to_string()))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => defused(text),
        other => other.to_string(),
    }
}

/// UTM values come from strangers. A spreadsheet would run one that begins like a formula, unless a quote stands first.
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(campaign: &str) -> Sale {
        serde_json::from_value(serde_json::json!({
            "account": 29_600_001, "lead_id": 7, "product": "express", "team": null, "state": "active",
            "amount": 5000, "amount_source": "hook", "sold_at": "2026-11-19T19:00:00Z", "day": "2026-11-20",
            "received_at": "2026-11-19T19:00:02Z", "verified": false, "utm": {"utm_campaign": campaign},
            "trail": {"source": "none", "value": campaign, "reason": "unknown_utm"}, "versions": 1
        }))
        .unwrap()
    }

    #[test]
    fn a_file_has_a_header_and_one_line_a_row() {
        insta::assert_snapshot!(write(&[sale("a, \"b\"\nc"), sale("plain")]).unwrap());
    }

    #[test]
    fn a_value_that_a_spreadsheet_would_run_is_defused() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)"] {
            let file = write(&[sale(formula)]).unwrap();
            assert!(file.contains(&format!("'{formula}")), "{file}");
        }
    }
}
