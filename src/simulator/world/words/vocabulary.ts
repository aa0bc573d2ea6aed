/** Invented people and chat sentences in twelve languages. `|` and line ends separate entries; slots are in braces. */

interface Source {
  /** Between sentences and between the two names of a person; '' in scripts that write without spaces. */
  space: string;
  familyFirst?: true;
  given: string;
  family: string;
  /** Slots: {who} {what} {where} {when} {n} (a number) {brand} (an invented name). */
  sentences: string;
  short: string;
  what: string;
  where: string;
  when: string;
  files: string;
  subjects: string;
  poll: string;
}

export const sources = {
  en: {
    space: ' ',
    given: 'Mara|Theo|Juno|Silas|Wren|Otis|Petra|Linus',
    family: 'Quill|Farrow|Ashdown|Merrin|Tolland|Hale',
    sentences: `Are you coming to {where} {when}? | I left the {what} at {where}. | Running late, start without me
      Don't forget {who}'s birthday {when}! | The birthday cake from {brand} is ordered, {n} euros. | Did you see the {what}?
      Happy birthday {who}! Have a wonderful day | Can you send me the address of {where} again? | Can we talk {when}?
      The invoice {n} from {brand} has been paid. | {who} cannot find the {what} | I'll call you {when}
      We need {n} more chairs for {where} | Has anyone a charger? | The train stopped at {where} for {n} minutes | Sounds good to me
      Please bring the {what} {when}, thank you! | My new number is in the group info | What time does {brand} close {when}?
      I read that {brand} will open near {where} | Let me know once you are home | I have to see the doctor {when}`,
    short: 'ok|yes!|no way|thanks|see you|lol|on my way|perfect|sorry|got it|great news|haha',
    what: 'keys|tickets|projector|tent|blue folder|guitar|drill|passport|recipe|camera',
    where: 'the station|the harbour|school|the old mill|the office|Maple Street|the library|platform 4',
    when: 'tomorrow|on Friday|tonight|next week|at noon|on Sunday|in an hour|on 12 May',
    files: 'birthday-invitation.pdf|minutes of the meeting.docx|budget {n}.xlsx|floor plan.pdf|boarding pass {n}.pdf',
    subjects: 'Weekend hikers|Book club|Neighbours|Project Lantern|Parents 4b|Choir|Board games',
    poll: 'Which day suits you?|Friday|Saturday|Sunday',
  },
  es: {
    space: ' ',
    given: 'Íñigo|Belén|Nuria|Joaquín|Lucía|Óscar',
    family: 'Peñalba|Albornoz|Zúñiga|Carrión|Ibáñez',
    sentences: `¿Vienes {when} a {where}? | Mañana celebramos el cumpleaños de {who} en {where} | ¡Feliz cumpleaños, {who}!
      Dejé el {what} en {where} | El médico cambió la cita para {when} | ¿Quién trae el {what}? | Llegaré un poco más tarde
      La factura {n} de {brand} ya está pagada | Mi niño aprendió a montar en bicicleta | ¡Qué alegría verte otra vez!
      Quedamos {when} a las ocho | ¿Has visto el {what}? | Todavía faltan {n} sillas | Aquí está lloviendo muchísimo`,
    short: 'sí|vale|claro que sí|jajaja|gracias|mañana|ya voy|qué bien|también',
    what: 'café|cargador|paraguas|sofá|regalo|pingüino de peluche',
    where: 'la estación|el jardín|Logroño|la playa|el balcón',
    when: 'mañana|el sábado|esta noche|el próximo miércoles',
    files: 'invitación cumpleaños.pdf|presupuesto {n}.xlsx|canción.mp3',
    subjects: 'Familia Peñalba|Vecinos del jardín',
    poll: '¿Qué día os viene bien?|miércoles|sábado|ningún día',
  },
  de: {
    space: ' ',
    given: 'Jördis|Käthe|Bjarne|Änne|Götz|Ruben',
    family: 'Weißbach|Grünfeld|Möhring|Kößler|Straub',
    sentences: `Kommst du {when} zum {where}? | {who} hat {when} Geburtstag, wer bringt den Kuchen? | Ich habe den {what} vergessen
      Alles Gute zum Geburtstag, {who}! | Die Straße am {where} ist gesperrt | Rechnung {n} von {brand} ist überwiesen
      Können wir das auf {when} verschieben? | Der Schlüssel liegt beim {where} | Bitte gebt mir bis {when} Bescheid
      Wir brauchen noch {n} Stühle | Das Wetter soll {when} schön werden | Ich bin gleich da, der Zug hat Verspätung
      Größe {n} passt leider nicht | Hat jemand einen {what} übrig?`,
    short: 'ja|nein|klar|danke schön|bis gleich|gute Besserung|super|tschüss|natürlich',
    what: 'Schlüssel|Käsekuchen|Bohrer|Rucksack|Föhn|Fußball',
    where: 'Bahnhof|Südpark|Münsterplatz|Büro|Café Löwe',
    when: 'morgen|am Samstag|übermorgen|heute Abend|nächste Woche',
    files: 'Einladung Geburtstag.pdf|Übersicht {n}.xlsx|Mietvertrag Entwurf.docx',
    subjects: 'Hausgemeinschaft|Fußball am Dienstag',
    poll: 'Wann passt es euch?|Freitag|Samstag|gar nicht',
  },
  pt: {
    space: ' ',
    given: 'Inês|Tomé|Célia|Otávio|Júlia|Abílio',
    family: 'Louzã|Falcão|Brandão|Conceição|Simões',
    sentences: `Vens {when} à {where}? | O aniversário da {who} é {when}, não esqueças! | Feliz aniversário, {who}!
      Esqueci-me do {what} na {where} | A reunião ficou para {when} | O pão da {brand} é o melhor | Já paguei a fatura {n}
      Amanhã não há aulas por causa da chuva | Alguém tem um {what}? | Estou à espera na {where} | Que saudades vossas
      Faltam {n} cadeiras para o almoço | A avó fez bacalhau para todos | Liga-me {when}, por favor`,
    short: 'sim|não|está bem|obrigada|até já|kkkk|combinado|amanhã|ótimo',
    what: 'guarda-chuva|carregador|violão|portátil|coração de papel',
    where: 'estação|praça|escola|pastelaria|Ribeira',
    when: 'amanhã|no sábado|logo à noite|na próxima terça',
    files: 'convite aniversário.pdf|orçamento {n}.xlsx|relação de bens.docx',
    subjects: 'Família Brandão|Turma de canções',
    poll: 'Que dia preferem?|sexta|sábado|nenhum',
  },
  zh: {
    space: '',
    familyFirst: true,
    given: '雨桐|子墨|思远|晓岚|一诺|浩然',
    family: '欧阳|上官|慕容|司徒|南宫',
    sentences: `{when}你去{where}吗？ | 祝{who}生日快乐！ | {when}是{who}的生日，别忘了买蛋糕 | 我把{what}忘在{where}了 | 会议改到{when}
      {brand}的发票{n}已经付了 | 还缺{n}把椅子 | 今天下大雨，路上小心 | 到家给我发消息 | 谁有多余的{what}？ | 晚饭我们吃火锅吧
      {where}附近新开了一家咖啡馆 | 孩子们在学校表演得很好 | 医生说下周再来复查`,
    short: '好的|没问题|谢谢|哈哈哈|收到|在路上|明天见|太好了',
    what: '钥匙|雨伞|充电器|照片|蓝色文件夹',
    where: '火车站|图书馆|公司|学校|老城区',
    when: '明天|星期五|今晚|下周|中午',
    files: '生日邀请函.pdf|会议记录{n}.docx|预算.xlsx',
    subjects: '周末登山|家庭群',
    poll: '哪天合适？|星期五|星期六|都不行',
  },
  ja: {
    space: '',
    familyFirst: true,
    given: 'あおい|みなと|ひなた|かえで|れん|つむぎ',
    family: '月野木|雨宮原|白鷺川|鈴掛|小鳥遊',
    sentences: `{when}、{where}に来ますか？ | {who}さん、お誕生日おめでとうございます！ | {when}は{who}さんの誕生日です | {what}を{where}に忘れました
      会議は{when}に変更になりました | {brand}の請求書{n}は支払いました | 椅子があと{n}脚足りません | 電車が遅れています | 今どこにいますか
      カフェで待っています | 写真を送ってくれてありがとう | 今日はとても寒いですね | ラーメンを食べに行こう | 明日の天気は晴れだそうです`,
    short: 'はい|了解です|ありがとう|すみません|今行きます|やった|おやすみ|ほんと？',
    what: '鍵|傘|充電器|カメラ|お弁当',
    where: '駅前|図書館|学校|会社|港',
    when: '明日|金曜日|今夜|来週|お昼',
    files: '誕生日会のお知らせ.pdf|議事録{n}.docx|予算.xlsx',
    subjects: '山歩きの会|読書クラブ',
    poll: 'いつがいいですか？|金曜日|土曜日|どれも無理',
  },
  th: {
    space: ' ',
    given: 'ใบบัว|ต้นน้ำ|ขวัญข้าว|ภูผา|ดาวเหนือ|ฟ้าใส',
    family: 'ทองประกาย|ศรีวารี|แสงตะวัน|วงศ์เมฆา',
    sentences: `{when}ไปที่{where}ไหม | สุขสันต์วันเกิด{who} ขอให้มีความสุข | วันเกิดของ{who}คือ{when}อย่าลืมซื้อเค้ก | ฉันลืม{what}ไว้ที่{where}
      เลื่อนประชุมเป็น{when}แล้วนะ | จ่ายใบแจ้งหนี้ {n} แล้ว | ยังขาดเก้าอี้อีก {n} ตัว | ฝนตกหนักมากวันนี้ | กินข้าวหรือยัง | รถไฟมาช้า
      ถึงบ้านแล้วบอกด้วย | ใครมี{what}เหลือบ้าง | ขอบคุณสำหรับรูปถ่าย | ร้านใหม่ใกล้{where}อร่อยมาก`,
    short: 'ได้ค่ะ|โอเค|ขอบคุณ|555|กำลังไป|ดีมาก|ขอโทษนะ',
    what: 'กุญแจ|ร่ม|สายชาร์จ|กล้อง',
    where: 'สถานีรถไฟ|ห้องสมุด|โรงเรียน|ตลาดน้ำ',
    when: 'พรุ่งนี้|วันศุกร์|คืนนี้|สัปดาห์หน้า',
    files: 'การ์ดวันเกิด.pdf|รายงานการประชุม {n}.docx',
    subjects: 'เพื่อนบ้าน|ชมรมหนังสือ',
    poll: 'วันไหนสะดวก|วันศุกร์|วันเสาร์|ไม่สะดวก',
  },
  hi: {
    space: ' ',
    given: 'ईशान|मृदुला|वैदेही|ऋषभ|तृषा|ओजस',
    family: 'चंद्रवाल|मेघवंशी|सूर्यात्रे|नीलकंठी',
    sentences: `क्या तुम {when} {where} आओगे? | {who} को जन्मदिन की हार्दिक शुभकामनाएँ! | {when} {who} का जन्मदिन है, केक मत भूलना
      मेरी {what} {where} पर छूट गई | बैठक अब {when} होगी | बिल संख्या {n} का भुगतान हो गया | {n} कुर्सियाँ और चाहिए | आज बहुत बारिश हो रही है
      घर पहुँचकर संदेश भेजना | किसी के पास {what} है? | खाना बहुत स्वादिष्ट था | ट्रेन देर से चल रही है | फ़ोटो भेजने के लिए धन्यवाद | कल मिलते हैं`,
    short: 'हाँ|ठीक है|धन्यवाद|नहीं|आ रहा हूँ|बहुत बढ़िया|अच्छा',
    what: 'चाबी|छतरी|किताब|टिकट|तस्वीर',
    where: 'स्टेशन|पुस्तकालय|विद्यालय|बाज़ार',
    when: 'कल|शुक्रवार को|आज रात|अगले हफ़्ते',
    files: 'जन्मदिन निमंत्रण.pdf|बैठक विवरण {n}.docx',
    subjects: 'परिवार|मोहल्ला समिति',
    poll: 'कौन सा दिन ठीक है?|शुक्रवार|शनिवार|कोई नहीं',
  },
  ar: {
    space: ' ',
    given: 'رنيم|غيث|سديم|وسن|تيم|لمار',
    family: 'النورسي|الريحاني|السنديان|البيلسان',
    sentences: `هل ستأتي {when} إلى {where}؟ | عيد ميلاد سعيد يا {who}! | عيد ميلاد {who} {when} لا تنسوا الكعكة | نسيت {what} في {where}
      تم تأجيل الاجتماع إلى {when} | دفعت الفاتورة رقم {n} | نحتاج {n} كراسي أخرى | المطر غزير اليوم | أخبرني عندما تصل إلى البيت
      من لديه {what}؟ | شكرا على الصور الجميلة | القطار متأخر قليلا | الطعام كان لذيذا جدا | سأتصل بك {when}`,
    short: 'نعم|حسنا|شكرا|لا|في الطريق|ممتاز|مبروك|ههههه',
    what: 'المفاتيح|المظلة|الشاحن|الكتاب|الكاميرا',
    where: 'المحطة|المكتبة|المدرسة|السوق القديم',
    when: 'غدا|يوم الجمعة|الليلة|الأسبوع القادم',
    files: 'دعوة عيد ميلاد.pdf|محضر الاجتماع {n}.docx',
    subjects: 'العائلة|نادي القراءة',
    poll: 'أي يوم يناسبكم؟|الجمعة|السبت|لا شيء',
  },
  he: {
    space: ' ',
    given: 'אלמוג|סתיו|ליאור|נווה|שקד',
    family: 'גלבועי|ברקאית|רימוני|שחפי',
    sentences: `אתה בא {when} ל{where}? | יום הולדת שמח {who}! | יום ההולדת של {who} {when}, אל תשכחו עוגה | שכחתי את {what} ב{where}
      הפגישה נדחתה ל{when} | שילמתי את חשבונית {n} | חסרים עוד {n} כיסאות | יורד גשם חזק היום | תודיע לי כשתגיע הביתה
      למי יש {what}? | תודה על התמונות היפות | הרכבת מאחרת | האוכל היה טעים מאוד | אתקשר אליך {when}`,
    short: 'כן|בסדר|תודה|לא|אני בדרך|מצוין|חחח',
    what: 'המפתחות|המטרייה|המטען|הספר',
    where: 'תחנת הרכבת|הספרייה|בית הספר|השוק',
    when: 'מחר|ביום שישי|הערב|בשבוע הבא',
    files: 'הזמנה ליום הולדת.pdf|סיכום פגישה {n}.docx',
    subjects: 'המשפחה|שכנים',
    poll: 'איזה יום מתאים?|שישי|שבת|אף אחד',
  },
  ru: {
    space: ' ',
    given: 'Злата|Мирон|Ульяна|Елисей|Варвара',
    family: 'Берёзко|Щеглец|Журавкин|Ёлкинец',
    sentences: `Ты придёшь {when} на {where}? | С днём рождения, {who}! | {when} день рождения у {who}, не забудь торт | Я забыла {what} дома
      Встречу перенесли на {when} | Счёт {n} от {brand} уже оплачен | Нужно ещё {n} стульев | Сегодня очень сильный дождь | Напиши, как доедешь
      У кого есть {what}? | Спасибо за фотографии | Поезд опаздывает | Ужин был очень вкусный | Позвоню тебе {when}`,
    short: 'да|хорошо|спасибо|нет|еду|отлично|ахаха|понял',
    what: 'ключи|зонт|зарядку|билеты|чертёж',
    where: 'вокзал|площадь|рынок|набережную',
    when: 'завтра|в пятницу|сегодня вечером|на следующей неделе',
    files: 'Приглашение на день рождения.pdf|Протокол {n}.docx',
    subjects: 'Семья|Соседи по даче',
    poll: 'Какой день удобнее?|пятница|суббота|никакой',
  },
  ko: {
    space: ' ',
    given: '하늘|이슬|가람|누리|다온',
    family: '선우|남궁|황보|제갈',
    sentences: `{when} {where}에 올 거예요? | {who}님 생일 축하해요! | {when}은 {who} 생일이에요 케이크 잊지 마세요 | {what}을 {where}에 두고 왔어요
      회의가 {when}로 바뀌었어요 | {brand} 청구서 {n} 결제했어요 | 의자가 {n}개 더 필요해요 | 오늘 비가 많이 와요 | 집에 도착하면 연락 주세요
      누구 {what} 있어요? | 사진 보내줘서 고마워요 | 기차가 늦어지고 있어요 | 저녁은 김치찌개 어때요 | 내일 다시 전화할게요`,
    short: '네|좋아요|감사합니다|아니요|가는 중|ㅋㅋㅋ|축하해요',
    what: '열쇠|우산|충전기|카메라|도시락',
    where: '역 앞|도서관|학교|회사|항구',
    when: '내일|금요일|오늘 밤|다음 주|점심때',
    files: '생일 초대장.pdf|회의록 {n}.docx',
    subjects: '가족 모임|등산 동호회',
    poll: '언제가 좋아요?|금요일|토요일|안 돼요',
  },
} as const satisfies Record<string, Source>;

export type Language = keyof typeof sources;
export const languages = Object.keys(sources) as Language[];

export const emoji = ['😂', '👍', '🎉', '❤️', '🙏', '😅', '🎂', '🔥', '👨‍👩‍👧', '🇵🇹', '✨', '🤷🏽‍♀️', '☕', '🚲'];
export const reactionEmoji = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉'];

/** Syllables of invented brands and places. */
export const syllables = 'vel|mor|ka|lin|dru|sa|tor|fen|bry|nol|pex|ita|run|gal|osh|mi|ter|qua|zed|lor'.split('|');

export const links = [
  { url: 'https://example.org/trips/', title: 'A walk along the coast', description: 'Ten quiet paths by the sea' },
  { url: 'https://example.com/recipes/', title: 'Plum cake like at home', description: 'Forty minutes and one bowl' },
  { url: 'https://example.net/news/', title: 'New tram line opens', description: 'Trams run every ten minutes' },
  { url: 'https://example.org/events/', title: 'Birthday party ideas', description: 'Games for a rainy afternoon' },
  { url: 'https://example.com/石/', title: '庭園の歩き方', description: '静かな午後のために' },
] as const;
