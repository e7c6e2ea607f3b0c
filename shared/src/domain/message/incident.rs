//! What the school's chat is told of an incident.

use super::fit::fit;
use super::template::Span;
use super::values::one_line;
use super::{LONGEST_TELEGRAM, markdown};
use crate::domain::day::almaty_clock;
use crate::domain::incident::{Incident, Level, News};

/// News of an incident in MarkdownV2.
pub fn of_incident(incident: &Incident, news: News) -> String {
    let (title, clock) = (incident.topic.title(), |at| almaty_clock(at, incident.opened_at));
    let lines = match news {
        News::Is(level) => {
            let sign = if matches!(level, Level::EndsIn(_)) { "🟡" } else { "🔴" };
            vec![
                vec![plain(sign), plain(" "), bold(&title)],
                vec![value(&incident.message)],
                vec![bold("What to do"), plain(": "), value(&incident.what_to_do)],
            ]
        }
        News::Ended => {
            let to = incident.ended_at.map_or_else(String::new, |at| format!(" to {}", clock(at)));
            let span = format!("From {}{to} (Almaty).", clock(incident.since));
            vec![vec![plain("🟢 "), bold(&title), plain(": it is over.")], vec![plain(&span)]]
        }
    };
    let spans = lines.join(&plain("\n"));
    markdown::write(&fit(spans, LONGEST_TELEGRAM, LONGEST_TELEGRAM))
}

fn plain(text: &str) -> Span {
    Span { text: text.to_owned(), is_value: false, is_bold: false }
}

fn bold(text: &str) -> Span {
    Span { is_bold: true, ..plain(text) }
}

/// What neighbours said stands in it, so it is shortened where it is too long.
fn value(text: &str) -> Span {
    Span { is_value: true, ..plain(&one_line(text)) }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::domain::incident::{Kind, Topic};

    fn incident() -> Incident {
        let at = |clock: &str| -> DateTime<Utc> { format!("2026-11-20T{clock}:00+05:00").parse().unwrap() };
        Incident {
            topic: Topic::new(Kind::DeadLetters, "hook-retry"),
            since: at("10:00"),
            opened_at: at("10:00"),
            last_seen_at: at("10:20"),
            ended_at: None,
            level: Level::Trouble,
            message: "2 messages wait.\nReally".to_owned(),
            what_to_do: "Look (at it)!".to_owned(),
            told: vec![],
        }
    }

    #[test]
    fn it_says_what_is_wrong_and_what_to_do() {
        let told = of_incident(&incident(), News::Is(Level::Trouble));
        let expected =
            "🔴 *Dead letters of hook\\-retry*\n2 messages wait\\. Really\n*What to do*: Look \\(at it\\)\\!";
        assert_eq!(told, expected);
        assert!(of_incident(&incident(), News::Is(Level::ends_in(3))).starts_with("🟡"));
    }

    #[test]
    fn its_end_says_how_long_it_was() {
        let ended_at = "2026-11-21T01:05:00+05:00".parse().ok();
        let told = of_incident(&Incident { ended_at, ..incident() }, News::Ended);
        let expected = "🟢 *Dead letters of hook\\-retry*: it is over\\.\nFrom 10:00 to 2026\\-11\\-21 01:05 \\(Almaty\\)\\.";
        assert_eq!(told, expected);
    }

    #[test]
    fn what_a_neighbour_said_at_length_is_cut() {
        let long = Incident { message: "я".repeat(9_000), ..incident() };
        assert!(of_incident(&long, News::Is(Level::Dead)).chars().count() < LONGEST_TELEGRAM + 20);
    }
}
