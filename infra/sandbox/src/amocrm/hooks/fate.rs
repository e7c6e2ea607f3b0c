//! What befalls hooks: decided by counting them, so that a test knows which ones.

use serde::Serialize;

use crate::amocrm::settings::HookSettings;

/// What befalls one hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It goes on its way.
    Sent,
    /// It never does.
    Lost,
    /// It is kept back until a test releases it.
    Held,
    /// It waits until the next one has been sent.
    Swapped,
    /// It is sent twice.
    Doubled,
}

/// The misfortunes, the worst first.
const MISFORTUNES: [Fate; 4] = [Fate::Lost, Fate::Held, Fate::Swapped, Fate::Doubled];

/// The count, and what is due. A hook has one misfortune at most: another that is due at the same time befalls the
/// next hook, so that each is as frequent as it was set.
#[derive(Debug, Default)]
pub struct Fates {
    turn: u64,
    due: [u64; MISFORTUNES.len()],
}

impl Fates {
    /// What befalls the next one.
    pub fn next(&mut self, settings: &HookSettings) -> Fate {
        self.turn += 1;
        let every = [settings.lose, settings.hold, settings.swap, settings.duplicate];
        for (due, every) in self.due.iter_mut().zip(every) {
            *due += u64::from(every > 0 && self.turn.is_multiple_of(every));
        }
        for (due, fate) in self.due.iter_mut().zip(MISFORTUNES) {
            if *due > 0 {
                *due -= 1;
                return fate;
            }
        }
        Fate::Sent
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fates(settings: serde_json::Value, count: usize) -> Vec<Fate> {
        let mut whole = json!({"url": "http://x", "settings": []});
        whole.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let settings = serde_json::from_value(whole).unwrap();
        let mut fates = Fates::default();
        (0..count).map(|_| fates.next(&settings)).collect()
    }

    #[test]
    fn each_misfortune_is_as_frequent_as_it_was_set() {
        let all = fates(json!({"lose": 10, "hold": 10, "swap": 10, "duplicate": 10}), 2_003);
        for fate in MISFORTUNES {
            assert_eq!(all.iter().filter(|one| **one == fate).count(), 200, "{fate:?}");
        }
        assert_eq!(
            all[8..14],
            [Fate::Sent, Fate::Lost, Fate::Held, Fate::Swapped, Fate::Doubled, Fate::Sent]
        );
    }

    #[test]
    fn nothing_befalls_them_where_nothing_is_set() {
        assert_eq!(fates(json!({}), 3), [Fate::Sent; 3]);
        assert_eq!(fates(json!({"lose": 1, "duplicate": 2}), 2), [Fate::Lost; 2]);
    }
}
