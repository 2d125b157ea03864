package extract

// Weights of the search, in points. They were set by hand on documents of the
// seed collection; their order matters more than their size.
const (
	beamWidth = 48

	scoreWordHit     = 0.55 // a wording typical of the column
	scoreWordMax     = 2.4
	scoreStartHit    = 1.35 // begins as cells of the column do
	scoreLabel       = 6.0  // a status label in the status column
	scoreAmount      = 1.8  // a sum in the column of sums
	scoreTypeFit     = 2.5  // text fits the column's type
	scoreTypeMiss    = -5.0
	scoreGoesOn      = 1.1  // small letter after an open sentence
	scoreBreaksOff   = -0.6 // capital after an open sentence
	scoreOpen        = 1.0  // the cell's last word wants another
	scoreSameLine    = 0.5  // capital in the middle of a line
	scoreFullLine    = 0.6  // capital after an open sentence whose line fills the column
	scoreAfterStop   = 0.15
	scoreLowerAfter  = -0.5 // small letter after a full stop
	scoreNewUpper    = 0.3  // a cell begins with a capital
	scoreNewLower    = -2.0
	scoreNextColumn  = 0.35
	scoreSkipColumn  = -0.05
	scoreBack        = -1.0
	scoreNumberHere  = 1.0  // the row's number stands beside its text
	scoreEntry       = 3.0  // a further line of a title is one of the catalogue's entry
	scoreTitled      = 2.0  // a piece of the title that the catalogue knows is in it, another not
	scoreNoEntry     = -2.0 // it is not, where columns ran together
	scoreNoHead      = -3.0 // a cell in a column whose head is not there
	scoreNoAgency    = -3.0 // a cell of a column of agencies begins as no agency's name does
	scoreNoName      = -1.5 // a line in it is too long for one
	scorePassEmpty   = -0.4 // a cell is left empty on the line where its row begins
	scoreSeamSame    = 0.2  // a seam that is none
	scorePassedBy    = -0.8 // a cell whose sentence is not over is left out on a line
	scoreRuleSame    = -2.6 // a rule parts two pieces of one cell
	scoreEdgeSame    = -0.6 // likewise, where the column should end
	scoreRuleRight   = 0.6
	scoreRuleLeft    = -3.0
	scoreGapChange   = 0.45
	scoreNoGapChange = -0.7
	scoreGapSame     = -0.3
	scoreNewRow      = -0.8 // a row begins before its beginning ("Mô hình N:"), which is near
	scoreEarlyRow    = -2.6 // likewise, and blank space stands between
	scoreEarlyLine   = -0.5 // for each line between, where lines hold text of several columns
	scoreSkipRow     = -1.5
	scoreRowMidLine  = -5.0 // a line of print crosses two rows
	scoreUntitled    = -3.0
	scoreSecondLabel = -6.0 // a row has one status
	scoreUnlabeled   = -0.9
	scoreUnplaced    = -1.5
	scoreUnplacedLen = -0.03
	scoreWide        = -1.2
	scoreTitleFar    = -0.25 // for each line between two lines of a title
	scoreTitleGap    = -1.6  // likewise, where columns ran together
	scoreTitleOpen   = 0.7   // the title's last line fills its column
	scoreTitleShut   = -1.4  // it does not, and a capital follows
	scoreShortLine   = -1.0  // the sentence goes on below a line that had room
	scoreOutgrows    = -2.5  // it does, and is wider than a column that had none could be
	scoreFollow      = 0.35  // a nat by which the language model expects the piece behind the cell's last
	followMost       = 4.0   // nats beyond which that says no more
)
