package devintest

import (
	"strconv"
	"strings"
)

// name is written in one way, and spelled in an e-mail address in another.
type name struct{ text, ascii string }

// Each given name meets each family name once, so 1,560 people have different names.
var givenNames = [40]name{
	{"Jane", "jane"},
	{"Zoë", "zoe"},
	{"Nguyễn Minh", "minh"},
	{"Amara", "amara"},
	{"Łukasz", "lukasz"},
	{"Siobhán", "siobhan"},
	{"José", "jose"},
	{"美咲", "misaki"},
	{"Priya", "priya"},
	{"Олена", "olena"},
	{"Kwame", "kwame"},
	{"Søren", "soren"},
	{"Fatima", "fatima"},
	{"Mateo", "mateo"},
	{"Ingrid", "ingrid"},
	{"伟", "wei"},
	{"Aarav", "aarav"},
	{"Chloé", "chloe"},
	{"Yusuf", "yusuf"},
	{"Hana", "hana"},
	{"Tomás", "tomas"},
	{"Leilani", "leilani"},
	{"Dmitri", "dmitri"},
	{"Ebba", "ebba"},
	{"지우", "jiwoo"},
	{"Tariq", "tariq"},
	{"Noor", "noor"},
	{"Giulia", "giulia"},
	{"Ayodele", "ayodele"},
	{"Freja", "freja"},
	{"Rahul", "rahul"},
	{"Κώστας", "kostas"},
	{"Imani", "imani"},
	{"Björn", "bjorn"},
	{"Camila", "camila"},
	{"דנה", "dana"},
	{"Piotr", "piotr"},
	{"Thandiwe", "thandiwe"},
	{"Oliver", "oliver"},
	{"Rosa María", "rosa"},
}

var familyNames = [39]name{
	{"Smith", "smith"},
	{"O'Brien", "obrien"},
	{"García", "garcia"},
	{"Müller", "mueller"},
	{"Tanaka", "tanaka"},
	{"Okafor", "okafor"},
	{"Kowalczyk", "kowalczyk"},
	{"Шевченко", "shevchenko"},
	{"Sharma", "sharma"},
	{"Nguyễn", "nguyen"},
	{"Lindqvist", "lindqvist"},
	{"Haddad", "haddad"},
	{"D'Angelo", "dangelo"},
	{"王", "wang"},
	{"Mensah", "mensah"},
	{"Silva", "silva"},
	{"Ó Súilleabháin", "osullivan"},
	{"Papadopoulos", "papadopoulos"},
	{"Kim", "kim"},
	{"Yılmaz", "yilmaz"},
	{"Novák", "novak"},
	{"Ivanova", "ivanova"},
	{"Hernández", "hernandez"},
	{"van der Berg", "vanderberg"},
	{"Cohen", "cohen"},
	{"Kapoor", "kapoor"},
	{"Åkesson", "akesson"},
	{"Diallo", "diallo"},
	{"Rossi", "rossi"},
	{"Dubois", "dubois"},
	{"Kahananui", "kahananui"},
	{"Popescu", "popescu"},
	{"Jørgensen", "jorgensen"},
	{"Abebe", "abebe"},
	{"Zhang", "zhang"},
	{"Fernandes", "fernandes"},
	{"McLeod", "mcleod"},
	{"Horváth", "horvath"},
	{"Ito", "ito"},
}

var (
	organizationNames = [4]string{"Platform", "Mobile Apps", "Data & Insights", "Früh <Übersetzung>"}
	groupNames        = [5]string{"eng/platform", "Product & Design", "Data Science/ML Ops", "All Employees", "Büro Köln/Nacht Schicht"}
	playbookIDs       = [3]string{
		"playbook-4d0c8a61f7be4b12", "playbook-91e5b3270c6f4fa8", "playbook-c27f10d9e8a345b6",
	}
)

func personName(i int) (text, email string) {
	g := i % len(givenNames)
	f := (i/len(givenNames) + g) % len(familyNames)
	given, family := givenNames[g], familyNames[f]
	text = given.text + " " + family.text
	if i == 11 {
		text = given.text + " <" + family.text + "> \"QA\""
	}
	email = given.ascii + "." + family.ascii
	if i >= len(givenNames)*len(familyNames) {
		email += strconv.Itoa(i / (len(givenNames) * len(familyNames)))
	}
	email += "@acme.example"
	// The API keeps an address as it was typed.
	if i%5 == 3 {
		email = strings.ToUpper(email[:1]) + strings.Replace(email[1:], "@acme.", "@Acme.", 1)
	}
	return text, email
}

const hexDigits = "0123456789abcdef"

// longHex is 32 hex digits, no two alike for different n.
func longHex(n uint64) string {
	b := make([]byte, 32)
	for i := range 16 {
		b[i] = hexDigits[n>>(4*i)&15]
		b[16+i] = hexDigits[mix(n)>>(4*i)&15]
	}
	return string(b)
}

// personID makes ids of every kind the API shows, and a few that a client must
// take care to escape.
func personID(i int, n uint64) string {
	switch i {
	case 5:
		return "okta|Acme Corp|00u1a/b c"
	case 9:
		return "email|5f2a"
	case 14:
		return "samlp|acme|jane+ops@acme.example"
	case 21:
		return "okta|Acme Corp|100%25?#"
	case 25:
		return "okta|../..|00ü9"
	}
	switch i % 10 {
	case 2, 5:
		return "okta|Acme Corp|00u" + longHex(n)[:17]
	case 4, 9:
		return "email|" + longHex(n)[:24]
	case 7:
		return "user-" + longHex(n)
	}
	digits := strconv.FormatUint(n, 10)
	return "google-oauth2|1" + strings.Repeat("0", 20-len(digits)) + digits
}
