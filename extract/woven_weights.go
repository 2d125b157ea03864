package extract

// wovenWeights weigh what speaks for a way to part woven lines, in points.
type wovenWeights struct {
	edge       float64 // nats below which a part may begin before a word in the middle of a line
	follow     float64 // a nat of the language model
	word       float64 // a wording typical of the column
	amount     float64 // a sum of money in the column of sums
	start      float64 // a cell begins as cells of the column do
	newUpper   float64 // it begins with a capital
	newLower   float64 // with a small letter
	newCell    float64 // any cell begins
	titleEarly float64 // a title begins without its wording
	lowerOn    float64 // a small letter goes on from an open sentence
	lowerAfter float64 // and from one that is over
	upperOn    float64 // a capital goes on from an open sentence
	open       float64 // the cell's last word wants another
	idle       float64 // for each line since the cell's last
	pass       float64 // an open cell is left out on a line
	passAgain  float64 // and on the next
	passOff    float64 // likewise, while it is another's turn
	passTurn   float64 // likewise, while it is its turn
	jump       float64 // a cell goes on while it is another's turn
	part       float64 // any part
	noBar      float64 // a part begins without a bar, where all borders are read as bars
	itsCell    float64 // a part stands where bars put its column, or against when it does not
	alone      float64 // likewise on a line that likely holds one part
	barIn      float64 // a bar within a part
	wide       float64 // for each letter that a part is too wide
	wideOpen   float64 // for each that it has beyond 48 where nothing is known of its column
	wideNumber float64 // for each letter that a part is too wide, in tables whose rows begin with numbers
	notBeside  float64 // another column than the title's stands behind the number of a row
	short      float64 // for each letter that a cell's last line had room for
	shortBlock float64 // likewise, where nothing stands beside the cell's lines
	shortMost  float64
	speck      float64 // dirt that goes to no cell
	leftOut    float64 // a word that does
	dirt       float64 // one that OCR made of print that it could not read
	early      float64 // a row begins above its beginning
	leaveOpen  float64 // a row ends whose cell wants another word
	leaveFull  float64 // whose cell's last line is full and its sentence open
	centre     float64 // for each line that a title lies off its row's middle
	capital    float64 // a capital within a part that does not go on from what stands before
	half       float64 // a speck within a part
	cellCentre float64 // for each line that a cell lies off its row's middle
	cellTop    float64 // for each line that a cell begins below its row's top, where cells begin there
	noHead     float64 // a cell begins in a column without a head
	blockBack  float64 // a block of lines stands left of the one before
	blockSame  float64 // or in its column
	blurred    float64 // a part begins with a damaged word, without a bar
	narrow     float64 // a part begins without a bar on a line that is no wider than one column
	answerOn   float64 // "Không" goes on in a cell
	answerIn   float64 // "Không" stands before or in other words of a part
	filled     float64 // nats that a column is seldomer filled than the fullest one, for a cell that begins
	titled     float64 // a word that the catalogue has in the row's title, or against one that it has not
	learned    float64 // a nat of how much oftener other rows have a word in the column
	itsNumber  float64 // the row's number stands before the line, or against when another's does
	topic      float64 // a nat of how seldom titles have two words that the row's has, too
	top        float64 // for each line of a row above its beginning, where cells begin at its top
}

var weighWoven = wovenWeights{
	edge: 2.25, follow: 0.5, word: 0.6, amount: 2, start: 1.5, newUpper: 0.3, newLower: -2.5, newCell: -0.5,
	titleEarly: -8, lowerOn: 0.8, lowerAfter: -0.8, upperOn: -0.7, open: 0.8, idle: -0.4, pass: -0.8, passAgain: -0.3, passOff: 0, passTurn: -0.8, jump: -0.8,
	part: -0.6, noBar: -2.5, itsCell: 2, alone: -1.5, barIn: -4, wide: -0.5, wideOpen: -0.125, wideNumber: -0.4, notBeside: -3, short: -0.1, shortMost: -2.5, speck: -0.1, leftOut: -3, dirt: -1,
	early: -0.5, leaveOpen: -1.5, leaveFull: -0.7, centre: -0.3, top: -0.8, itsNumber: 6, titled: 3.5, topic: 0.25, filled: 0.25, learned: 0.08,
	noHead: -6, blockBack: -3, blockSame: -1, shortBlock: -0.3, blurred: -1, narrow: -2, answerOn: -1.5, answerIn: -1.5, capital: -0.8, half: -0.5, cellCentre: -0.3, cellTop: -0.2,
}
