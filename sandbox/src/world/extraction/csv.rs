use chrono::NaiveDate;
use kernel::Centi;

/// One table in the making: values are written as Apogée's script writes them, NULL is empty.
pub(super) struct Csv(csv::Writer<Vec<u8>>);

impl Csv {
    pub(super) fn new(columns: &str) -> Self {
        let mut csv = Self(csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new()));
        columns.split(' ').for_each(|column| csv.text(column));
        csv.end();
        csv
    }

    pub(super) fn text(&mut self, value: &str) {
        // Memory does not refuse to be written to.
        let _ = self.0.write_field(value);
    }

    pub(super) fn option(&mut self, value: Option<&str>) {
        self.text(value.unwrap_or_default());
    }

    pub(super) fn number(&mut self, value: impl std::fmt::Display) {
        self.text(&value.to_string());
    }

    pub(super) fn bound(&mut self, value: Option<u8>) {
        self.text(&value.map(|v| v.to_string()).unwrap_or_default());
    }

    pub(super) fn centi(&mut self, value: Option<Centi>) {
        // Oracle writes no useless zero: 6, 4.5.
        let decimal = value.map(Centi::decimal).unwrap_or_default();
        self.text(if decimal.contains('.') {
            decimal.trim_end_matches('0').trim_end_matches('.')
        } else {
            &decimal
        });
    }

    pub(super) fn day(&mut self, value: Option<NaiveDate>) {
        self.text(&value.map(|d| d.format("%d/%m/%Y").to_string()).unwrap_or_default());
    }

    pub(super) fn witness(&mut self, value: bool) {
        self.text(if value { "O" } else { "N" });
    }

    pub(super) fn end(&mut self) {
        let _ = self.0.write_record(None::<&[u8]>);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        let _ = self.0.flush();
        self.0.into_inner().unwrap_or_default()
    }
}
