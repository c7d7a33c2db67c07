//! Addresses as spreadsheets show them.

/// « B7 »: `ligne` counts from 1, `colonne` from 0.
pub(crate) fn ecrite(ligne: usize, colonne: usize) -> String {
    format!("{}{ligne}", lettres(colonne))
}

fn lettres(colonne: usize) -> String {
    let mut lettres = Vec::new();
    let mut reste = colonne + 1;
    while reste > 0 {
        reste -= 1;
        lettres.push(u8::try_from(reste % 26).map_or('?', |n| char::from(b'A' + n)));
        reste /= 26;
    }
    lettres.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        let lues: Vec<String> = [0, 1, 25, 26, 51, 52, 99, 701, 702].map(lettres).to_vec();
        assert_eq!(lues, ["A", "B", "Z", "AA", "AZ", "BA", "CV", "ZZ", "AAA"]);
        assert_eq!(ecrite(7, 1), "B7");
    }
}
