//! Which of a person's rows is which of their leads: one to one, the nearest first.
//!
//! Two forms of one person within minutes are two leads, and two rows; neither may be taken for both.

/// Pairs rows with leads by a distance that says how ill they fit, and nothing where they do not. Each row and each lead
/// is of one pair at most; of two that fit alike the earlier named goes first.
pub fn nearest_first<D: Ord>(
    rows: usize,
    leads: usize,
    distance: impl Fn(usize, usize) -> Option<D>,
) -> Vec<Option<usize>> {
    let all = (0..rows).flat_map(|row| (0..leads).map(move |lead| (row, lead)));
    let mut fitting: Vec<(D, usize, usize)> =
        all.filter_map(|(row, lead)| Some((distance(row, lead)?, row, lead))).collect();
    fitting.sort();
    let (mut paired, mut taken) = (vec![None; rows], vec![false; leads]);
    for (_, row, lead) in fitting {
        if paired[row].is_none() && !taken[lead] {
            paired[row] = Some(lead);
            taken[lead] = true;
        }
    }
    paired
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paired(rows: &[i64], leads: &[i64], widest: i64) -> Vec<Option<usize>> {
        nearest_first(rows.len(), leads.len(), |row, lead| {
            Some((rows[row] - leads[lead]).abs()).filter(|distance| *distance <= widest)
        })
    }

    #[test]
    fn two_forms_of_one_person_are_two_rows() {
        assert_eq!(paired(&[0, 6], &[1, 7], 10), [Some(0), Some(1)]);
        assert_eq!(paired(&[0, 6], &[5], 10), [None, Some(0)], "the nearest row, not the first");
        assert_eq!(paired(&[5], &[0, 6], 10), [Some(1)]);
        assert_eq!(paired(&[0, 0], &[1, 1], 10), [Some(0), Some(1)]);
        assert_eq!(paired(&[0], &[11], 10), [None]);
    }

    proptest! {
        #[test]
        fn no_lead_is_taken_twice_and_no_pair_is_left_that_would_fit(
            rows in prop::collection::vec(0_i64..40, 0..8), leads in prop::collection::vec(0_i64..40, 0..8)
        ) {
            let paired = paired(&rows, &leads, 10);
            for (place, lead) in leads.iter().enumerate() {
                let of = paired.iter().filter(|pair| **pair == Some(place)).count();
                prop_assert!(of <= 1);
                let could = |(row, pair): (usize, &Option<usize>)| {
                    pair.is_none() && (rows[row] - lead).abs() <= 10
                };
                prop_assert!(of == 1 || !paired.iter().enumerate().any(could));
            }
        }
    }
}
