package translate

import (
	"testing"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

type lookupFixture struct {
	Name        string    `json:"name"`
	Phones      []string  `json:"phones"`
	Answer      stanza    `json:"answer"`
	IsTold      bool      `json:"is_told"`
	RefusalCode int       `json:"refusal"`
	Numbers     []Number  `json:"numbers"`
	About       *About    `json:"about"`
	Devices     []int     `json:"devices"`
	Picture     Picture   `json:"picture"`
	Blocked     []Blocked `json:"blocked"`
}

// Both programs read usync answers alike.
func TestUsync_fixtures(t *testing.T) {
	eachFixture(t, "testdata/lookups.jsonl", 30, func(fixture lookupFixture) {
		t.Run(fixture.Name, func(t *testing.T) {
			answer := fixture.Answer.node(t)
			users, told := UsersIn(&answer)
			about, isTold := AboutOf(users)
			var said *About
			if isTold {
				said = &about
			}
			devices, areListed := DeviceNumbersOf(users)
			blocked, isList := BlockedIn(&answer)
			for what, pair := range map[string][2]any{
				"told":    {told, fixture.IsTold},
				"refusal": {RefusalIn(&answer), fixture.RefusalCode},
				"numbers": {CheckedOf(users, fixture.Phones), fixture.Numbers},
				"about":   {said, fixture.About},
				"devices": {devices, fixture.Devices},
				"listed":  {areListed, fixture.Devices != nil},
				"picture": {PictureOf(&answer), fixture.Picture},
				"list":    {isList, fixture.Blocked != nil},
			} {
				if got, want := domain.JSON(pair[0]), domain.JSON(pair[1]); got != want &&
					!(what == "devices" && !areListed) {
					t.Errorf("%s\n  got  %s\n  want %s", what, got, want)
				}
			}
			if got, want := domain.JSON(blocked), domain.JSON(fixture.Blocked); isList && got != want {
				t.Errorf("blocked\n  got  %s\n  want %s", got, want)
			}
		})
	})
}
