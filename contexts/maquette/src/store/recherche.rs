//! Search of everything: a code, a name, a number, across the kinds of the offer and of people.

use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{count, like, select};

use super::condition::Condition;
use crate::domain::genre::Genre;

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouve {
    /// Its key, as paths take it: code, and version of an étape.
    pub cle: (String, Option<String>),
    /// Its label, or the person's names.
    pub libelle: String,
    /// A word more: nature, component, corps.
    pub detail: Option<String>,
    /// Closed at the source or gone from it.
    pub ferme: bool,
    /// The text searched is its very code or number.
    pub exact: bool,
}

/// What was found of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groupe {
    /// The kind.
    pub genre: Genre,
    /// How many in all.
    pub total: u64,
    /// The first of them.
    pub trouves: Vec<Trouve>,
}

/// How a kind is searched: table alias `e`, key, label, detail, whether it is closed.
struct Cherche {
    genre: Genre,
    cle: &'static str,
    version: &'static str,
    libelle: &'static str,
    detail: &'static str,
    ferme: &'static str,
    depuis: &'static str,
}

const PERSONNE: &str = "TRIM(COALESCE(e.prenom, '') || ' ' || COALESCE(e.nom_usage, e.nom, ''))";
const NUL: &str = "CAST(NULL AS TEXT)";
const PARTI: &str = "e.ferme_le IS NOT NULL";

fn cherche(genre: Genre) -> Option<Cherche> {
    let offre = |depuis, detail, ferme| Cherche {
        genre,
        cle: "e.code",
        version: NUL,
        libelle: "COALESCE(e.libelle, '')",
        detail,
        ferme,
        depuis,
    };
    let personne = |depuis, detail| Cherche {
        genre,
        cle: "e.numero",
        version: NUL,
        libelle: PERSONNE,
        detail,
        ferme: PARTI,
        depuis,
    };
    Some(match genre {
        Genre::Etape => Cherche {
            version: "v.version",
            libelle: "COALESCE(v.libelle, e.libelle, '')",
            ferme: "e.ferme_le IS NOT NULL OR v.ferme_le IS NOT NULL",
            ..offre(
                "maquette_etape e LEFT JOIN maquette_version_etape v ON v.annee = e.annee AND v.etape = e.code",
                "v.composante",
                PARTI,
            )
        },
        Genre::Element => {
            offre("maquette_element e", "e.nature", "e.ferme_le IS NOT NULL OR COALESCE(e.ferme, FALSE)")
        }
        Genre::Diplome => offre("maquette_diplome e", "e.type_diplome", PARTI),
        Genre::Liste => {
            offre("maquette_liste e", "e.type_liste", "e.ferme_le IS NOT NULL OR COALESCE(e.fermee, FALSE)")
        }
        Genre::Etudiant => personne("maquette_etudiant e", NUL),
        Genre::Enseignant => personne("maquette_enseignant e", "e.corps"),
        _ => return None,
    })
}

/// Searches one kind. `texte` is what was typed; the exact code comes first, then codes that begin so, then the rest; what is closed
/// comes last. At most `combien` rows, and the count of all.
///
/// # Errors
/// Those of the database.
pub async fn recherche_groupe<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    genre: Genre,
    texte: &str,
    combien: u64,
) -> Result<Option<Groupe>, DbError> {
    let Some(k) = cherche(genre) else { return Ok(None) };
    let plie = kernel::fold(texte);
    let mut c = Condition::new("e.annee = ?", [i64::from(annee).into()]);
    if matches!(genre, Genre::Etape) {
        c.mots(&plie, &["e.recherche", "v.recherche"]);
    } else {
        c.mots(&plie, &["e.recherche"]);
    }
    let depuis = format!("FROM {} WHERE {}", k.depuis, c.sql());
    let total = count(conn, &format!("SELECT COUNT(*) {depuis}"), c.valeurs()).await?;
    if total == 0 {
        return Ok(None);
    }
    // The folded text opens with the code: that is what is compared, so that case does not matter.
    let sql = format!(
        "SELECT {}, {}, {}, {}, ({}),
            (LOWER({cle}) = ?), (e.recherche LIKE ? ESCAPE '!')
         {depuis} ORDER BY 6 DESC, 5, 7 DESC, {cle}, 2 DESC LIMIT {combien}",
        k.cle,
        k.version,
        k.libelle,
        k.detail,
        k.ferme,
        cle = k.cle,
    );
    let debut = like(&plie);
    let mut valeurs: Vec<Value> =
        vec![texte.to_lowercase().into(), debut.strip_prefix('%').unwrap_or(&debut).into()];
    valeurs.extend(c.valeurs());
    let rows = select(conn, &sql, valeurs).await?;
    let trouves = rows.iter().map(|row| {
        Ok(Trouve {
            cle: (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
            libelle: row.try_get_by_index(2)?,
            detail: row.try_get_by_index(3)?,
            ferme: row.try_get_by_index(4)?,
            exact: row.try_get_by_index(5)?,
        })
    });
    Ok(Some(Groupe { genre: k.genre, total, trouves: trouves.collect::<Result<_, DbError>>()? }))
}
